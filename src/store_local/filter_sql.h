// store::Filter as SQL: its texts and numbers are bound, never pasted.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/filter.h"
#include "store_local/columns.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

// Makes what the conditions call: elanus_glob, elanus_attribute and elanus_type. Once for each connection.
Result<void> add_filter_functions(Connection& connection);

// The slots, ascending, of the records that `filter` keeps, of all or of those with the slots `among`. The
// filter has passed store::check_filter.
Result<std::vector<int64_t>> matching_slots(Connection& connection, const Columns& columns,
                                            std::optional<std::span<const int64_t>> among,
                                            const store::Filter& filter);

}  // namespace elanus::store_local
