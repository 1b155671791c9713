// Checks the rows and columns of a mapped segment when they are first used: a search reads few of them, and
// reading all at the start would cost more than the search.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "index/rows.h"
#include "store_local/index_format.h"

namespace elanus::store_local {

// Thread-safe. The mapping outlives it.
class SegmentGuard final : public index::RowGuard {
 public:
  // `before`, if not null, guarded the same segment in another mapping: what it has checked stays checked.
  explicit SegmentGuard(const Segment& segment, const SegmentGuard* before = nullptr)
      : segment_(segment), checked_(new std::atomic<uint64_t>[words()]()) {
    for (size_t i = 0; before != nullptr && i < words(); ++i) checked_[i] = before->checked_[i].load();
    for (size_t i = 0; before != nullptr && i < kAttributeColumns; ++i)
      columns_[i] = before->columns_[i].load();
  }

  bool sound(uint32_t begin, uint32_t end) const override {
    bool all = true;
    for (uint32_t row = begin; row < end; ++row) all = is_sound(row) && all;
    return all;
  }

  // The same of a column of what filters compare.
  bool column_sound(size_t column) const {
    if (columns_[column].load(std::memory_order_relaxed)) return true;
    const bool is_sound = column_is_sound(segment_, column);
    (is_sound ? columns_[column] : damaged_).store(true, std::memory_order_relaxed);
    return is_sound;
  }

  bool all_sound() const {
    bool all = sound(0, static_cast<uint32_t>(segment_.slots.size()));
    for (size_t column = 0; column < kAttributeColumns; ++column) all = column_sound(column) && all;
    return all;
  }

  // Whether a damaged row or column was met.
  bool damaged() const { return damaged_.load(std::memory_order_relaxed); }

 private:
  bool is_sound(uint32_t row) const {
    std::atomic<uint64_t>& word = checked_[row / 64];
    const uint64_t bit = uint64_t{1} << (row % 64);
    if ((word.load(std::memory_order_relaxed) & bit) != 0) return true;
    if (!row_is_sound(segment_, row)) {
      damaged_.store(true, std::memory_order_relaxed);
      return false;
    }
    word.fetch_or(bit, std::memory_order_relaxed);
    return true;
  }

  size_t words() const { return segment_.slots.size() / 64 + 1; }

  const Segment segment_;
  const std::unique_ptr<std::atomic<uint64_t>[]> checked_;              // a bit for each row that is sound
  mutable std::array<std::atomic<bool>, kAttributeColumns> columns_{};  // those that are sound
  mutable std::atomic<bool> damaged_{false};
};

}  // namespace elanus::store_local
