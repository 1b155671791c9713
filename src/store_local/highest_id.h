// The highest id that any record has or had: ids given out are above it, so that a link with an id in it
// never shows another picture than the one it was made for.
#pragma once
#include <cstdint>
#include <optional>

#include "base/result.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

// Nothing before the first record.
Result<std::optional<int64_t>> highest_id(Connection& connection);

// Inside a write transaction, before it removes records: what stays behind does not tell.
Result<void> remember_highest_id(Connection& connection);

// What `from` remembers, where that can be read, into another database; inside its write transaction.
Result<void> carry_highest_id(Connection& from, Connection& to);

}  // namespace elanus::store_local
