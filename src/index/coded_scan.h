// One query on one thread: candidates from codes, compared as soon as they look likely, and the rest once the
// bar is as high as it gets.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "index/codes.h"
#include "index/lists.h"
#include "index/rows.h"
#include "index/top_k.h"

namespace elanus::index {

// The best k-th score that any thread has for a query: rows below it need not be looked at.
class alignas(64) SharedThreshold {
 public:
  float get() const { return value_.load(std::memory_order_relaxed); }
  void raise(float to) {
    float now = get();
    while (to > now && !value_.compare_exchange_weak(now, to, std::memory_order_relaxed)) {
    }
  }

 private:
  std::atomic<float> value_{-std::numeric_limits<float>::infinity()};
};

// A piece of a part: rows [begin, end), begin a multiple of 64.
struct Tile {
  uint32_t part;
  uint32_t begin, end;
};
constexpr uint32_t kTileRows = 2048;

// Memory that the scans of one thread share.
struct ScanScratch {
  std::vector<ops::BoundedRow> found = std::vector<ops::BoundedRow>(kTileRows);
  std::vector<uint32_t> alive = std::vector<uint32_t>(kTileRows / ops::kBlockRows);
};

// Not thread-safe. `parts`, `query` and `shared` outlive it.
class CodedScan {
 public:
  CodedScan(std::span<const Rows> parts, std::span<const float> query, size_t k, float sigmas,
            SharedThreshold& shared);

  // `prepared` is the query for the part's frame; null where the part has no codes.
  void scan(const Tile& tile, const PreparedQuery* prepared, ScanScratch& scratch);
  // One list; `prepared` is the query for the lists' frame, null where they have no codes: all rows are
  // compared.
  void scan_list(const Lists& lists, uint32_t list, const PreparedQuery* prepared, ScanScratch& scratch);
  // Compares what is left that still can be among the best.
  void finish();
  const TopK& best() const { return best_; }
  uint64_t compared() const { return compared_; }
  // No row below this score can be among the best.
  float threshold() const { return std::max(best_.threshold(), shared_->get()); }

 private:
  struct Pending {
    float bound, likely;  // likely: what the score probably reaches
    uint32_t part, row;
  };
  template <class PlaceOf>
  void scan_codes(const uint8_t* codes, size_t blocks, const PreparedQuery& prepared, const uint32_t* alive,
                  ScanScratch& scratch, const PlaceOf& place_of);
  void compare_living(const Tile& tile, std::span<const uint32_t> alive);
  void compare(std::span<const Pending> candidates);
  void compare_first(size_t begin);
  void drop_hopeless();

  std::span<const Rows> parts_;
  std::span<const float> query_;
  size_t k_;
  float sigmas_;
  SharedThreshold* shared_;
  TopK best_;
  std::vector<Pending> pending_;
  size_t prune_at_;
  uint64_t compared_ = 0;
};

}  // namespace elanus::index
