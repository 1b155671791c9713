// Rows of a collection, as every search here takes them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "index/frame.h"

namespace elanus::index {

// Says whether rows still are what was written: rows of a mapped file are checked when they are first used.
class RowGuard {
 public:
  virtual ~RowGuard() = default;
  // False when any of the rows [begin, end) is damaged; the search passes over them and goes on. Thread-safe.
  virtual bool sound(uint32_t begin, uint32_t end) const = 0;
};

// Some rows of a collection, all of the same dim.
struct Rows {
  std::span<const uint16_t> values;  // [n][dim] half floats, each row of length 1
  std::span<const int64_t> keys;     // [n], unique over all parts
  std::span<const uint64_t> dead;    // bit i % 64 of word i / 64: row i is not there. Empty: all are
  const Frame* frame = nullptr;      // of the codes; null: there are none
  std::span<const uint8_t> codes;    // coded_bytes(dim, n): what encode(*frame, values) wrote
  const RowGuard* guard = nullptr;   // null: nothing to check

  bool is_dead(size_t row) const { return !dead.empty() && (dead[row / 64] >> (row % 64) & 1) != 0; }
  bool sound(size_t begin, size_t end) const {
    return guard == nullptr || guard->sound(static_cast<uint32_t>(begin), static_cast<uint32_t>(end));
  }
};

}  // namespace elanus::index
