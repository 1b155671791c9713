// One query on one thread: candidates from codes, compared as soon as they look likely, and the rest once the
// bar is as high as it gets.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "index/bias.h"
#include "index/codes.h"
#include "index/lists.h"
#include "index/rows.h"
#include "index/top_k.h"

namespace elanus::index {

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

// Not thread-safe. `parts`, `query`, `best` and `bias` outlive it. The rows it wants to compare are asked for
// from memory and compared at the next call, when they have come.
class CodedScan {
 public:
  CodedScan(std::span<const Rows> parts, std::span<const float> query, size_t k, float sigmas,
            SharedTopK& best, Bias& bias);

  // `prepared` is the query for the part's frame; null where the part has no codes.
  void scan(const Tile& tile, const PreparedQuery* prepared, ScanScratch& scratch);
  // One list; `prepared` is the query for the lists' frame, null where they have no codes: all rows are
  // compared.
  void scan_list(const Lists& lists, uint32_t list, const PreparedQuery* prepared, ScanScratch& scratch);
  // Compares what is left that still can be among the best.
  void finish();
  // The best so far, of all threads.
  const SharedTopK& best() const { return *best_; }
  uint64_t compared() const { return compared_; }

 private:
  struct Pending {
    float estimate, deviation;  // of the score; infinite and 0 where there is no code
    uint32_t part, row;
  };
  template <class PlaceOf>
  void scan_codes(const uint8_t* codes, size_t blocks, const PreparedQuery& prepared, const uint32_t* alive,
                  ScanScratch& scratch, const PlaceOf& place_of);
  // At most kTileRows.
  template <class PlaceOf>
  void scan_piece(const uint8_t* codes, size_t blocks, const PreparedQuery& prepared, const uint32_t* alive,
                  ScanScratch& scratch, const PlaceOf& place_of);
  void compare_living(const Tile& tile, std::span<const uint32_t> alive);
  // How many standard deviations above its estimate a row is looked for.
  float reach() const { return sigmas_ + bias_->value(); }
  float bound(const Pending& candidate) const { return candidate.estimate + reach() * candidate.deviation; }
  const uint16_t* row_of(const Pending& candidate) const;
  // Of the first of them: compare() asks for the others on its way.
  void ask_for(std::span<const Pending> candidates) const;
  void compare(std::span<const Pending> candidates);
  void compare_asked();
  void compare_first(size_t begin);
  void drop_hopeless();

  std::span<const Rows> parts_;
  std::span<const float> query_;
  size_t k_;
  float sigmas_;
  SharedTopK* best_;
  Bias* bias_;
  std::vector<Pending> asked_, pending_;
  size_t prune_at_;
  size_t seen_ = 0;  // blocks of codes
  uint64_t compared_ = 0;
};

}  // namespace elanus::index
