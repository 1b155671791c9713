// Vectors out of library.db, in slot order.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/collection.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

// A vector as library.db keeps it: half floats, little-endian. False when the blob does not have `row.size()`
// of them.
bool decode_row(std::string_view blob, std::span<uint16_t> row);
// The reverse, in place: `row` as its blob, which lives in it.
std::string_view encode_row(std::span<uint16_t> row);

// What the `sum` of a vector has to be.
int64_t row_sum(std::string_view blob);

// A living record as the scan and filters want it.
struct StoredRow {
  int64_t slot = 0, id = 0;
  std::span<const uint16_t> values;  // [dim]
  const store::Picture& known;       // of it what filters_see_the_same looks at; the path as it is kept
};

// Calls `take` for each living record with a slot in (after, last], ascending. corrupt names a vector of
// another length than `dim`, or one that is not what was written.
Result<void> read_rows(Connection& connection, uint32_t dim, int64_t after, int64_t last,
                       const std::function<void(const StoredRow&)>& take);

// Calls `take` for each living record whose slot `touched` has with a seq in (after, last]. Of format 4.
Result<void> read_touched(Connection& connection, int64_t after, int64_t last,
                          const std::function<void(int64_t slot, const store::Picture& known)>& take);

// About n of the living rows with slots up to `last`, spread evenly over the slots; all when there are fewer.
Result<std::vector<uint16_t>> sample_rows(Connection& connection, uint32_t dim, int64_t last, size_t n);

}  // namespace elanus::store_local
