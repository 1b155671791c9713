// What can still be read of a damaged library.db.
#pragma once
#include <cstdint>
#include <filesystem>

#include "base/result.h"
#include "store_local/format.h"

namespace elanus::store_local {

struct Salvaged {
  uint64_t records = 0;
  std::filesystem::path kept_as;  // the damaged file's new name
};

// Makes a new library.db of the records and vectors that can be read, one by one, and keeps the damaged one
// under another name. The writer's lock is held. corrupt: what it is a collection of (model, dimension)
// cannot be read, so nothing can be; the file stays where it is.
Result<Salvaged> salvage(const Files& files);

}  // namespace elanus::store_local
