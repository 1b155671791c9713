// Older formats of library.db to today's.
#pragma once
#include "base/result.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

// Brings the tables to kFormat in one transaction, so that a crash leaves the one format or the other;
// readers of other processes go on meanwhile. O(records) the first time, nothing after it. The writer's lock
// is held, and read_identity has accepted the database.
Result<void> migrate(Connection& connection);

}  // namespace elanus::store_local
