// The table `meta`: what a database says about itself, one text for each name. docs/formats/library.md.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

// Nothing when the name is not there.
Result<std::optional<std::string>> read_meta(Connection& connection, std::string_view name);
// The same as a number; corrupt when it is none.
Result<std::optional<int64_t>> read_meta_number(Connection& connection, std::string_view name);

// Inside a write transaction. Replaces what was there.
Result<void> write_meta(Connection& connection, std::string_view name, const std::string& value);

}  // namespace elanus::store_local
