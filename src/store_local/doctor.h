// What is wrong with a collection, and making right what can be made right.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace elanus::store_local {

struct Finding {
  enum class State {
    sound,
    repairable,  // nothing is lost by it, and `repair` mends it
    repaired,    // it was
    damaged,     // something is lost; `what` says what to do
  };
  std::string file;  // "library.db"
  State state = State::sound;
  std::string what;
};

struct Diagnosis {
  std::vector<Finding> findings;  // at least one for each file there is
  uint64_t records = 0;           // that can be read
  bool sound() const;             // nothing to repair and nothing lost
};

// Reads all of the collection and, with `repair`, mends it: indexes are made anew from the records,
// library.idx from library.db, and vectors that are damaged from library.idx where it has them; what else is
// not what was written, records without a vector and vectors without a record go (each is named, and indexing
// its folder brings it back); of a library.db that SQLite cannot read as it is, what can be read is saved
// into a new one, and the old one is kept beside it as library.db.damaged. not_found: there is no collection.
// busy: repairing needs the writer's lock. unsupported, mismatch: not ours to judge, as
// LocalCollection::open.
Result<Diagnosis> examine(const std::filesystem::path& folder, bool repair);

// "sound", "repairable", "repaired", "damaged".
const char* to_string(Finding::State state);

}  // namespace elanus::store_local
