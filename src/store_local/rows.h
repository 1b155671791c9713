// Vectors out of library.db, in slot order.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

// A vector as library.db keeps it: half floats, little-endian. False when the blob does not have `row.size()`
// of them.
bool decode_row(std::string_view blob, std::span<uint16_t> row);
// The reverse, in place: `row` as its blob, which lives in it.
std::string_view encode_row(std::span<uint16_t> row);

// What the `sum` of a vector has to be.
int64_t row_sum(std::string_view blob);

// Calls `take(slot, id, row)` for each living record with a slot in (after, last], ascending. corrupt names a
// vector of another length than `dim`, or one that is not what was written.
Result<void> read_rows(
    Connection& connection, uint32_t dim, int64_t after, int64_t last,
    const std::function<void(int64_t slot, int64_t id, std::span<const uint16_t> row)>& take);

// About n of the living rows with slots up to `last`, spread evenly over the slots; all when there are fewer.
Result<std::vector<uint16_t>> sample_rows(Connection& connection, uint32_t dim, int64_t last, size_t n);

}  // namespace elanus::store_local
