#include "index/coded_scan.h"

#include <algorithm>
#include <bit>

#include "index/flat.h"
#include "ops/kernels.h"

namespace elanus::index {
namespace {

constexpr size_t kPrune = 4096;
// The first rows make a bar, or all would be candidates; then pieces grow as fast as the bar slows down.
constexpr size_t kFirstBlocks = 8;
// Rows are far apart: the next ones are fetched while one is compared.
constexpr size_t kFetchAhead = 8;
// One living row in so many: reading it costs less than reading the codes of all.
constexpr size_t kFew = 50;
// A candidate is compared at once when its estimate, with the bias, reaches the bar with so many standard
// deviations to spare. Others wait: most fall below the bar as it rises.
constexpr float kLikely = 0.5f;

void fetch(const void* row, size_t bytes) {
  for (size_t at = 0; at < bytes; at += 64) __builtin_prefetch(static_cast<const char*>(row) + at);
}

// What the arithmetic of a score and of a bound may differ by: rounding, with room.
float slack(size_t dim) { return static_cast<float>(dim) * 0x1p-22f; }

// A word for each block of the tile: the rows that are there. Returns how many are.
size_t living(const Rows& rows, const Tile& tile, std::span<uint32_t> words) {
  size_t n = 0;
  for (size_t row = tile.begin; row < tile.end; row += ops::kBlockRows) {
    const auto dead = static_cast<uint32_t>(rows.dead[row / 64] >> (row % 64));
    const size_t left = tile.end - row;
    const uint32_t all = left >= ops::kBlockRows ? ~uint32_t{0} : (uint32_t{1} << left) - 1;
    n += static_cast<size_t>(std::popcount(words[(row - tile.begin) / ops::kBlockRows] = ~dead & all));
  }
  return n;
}

}  // namespace

CodedScan::CodedScan(std::span<const Rows> parts, std::span<const float> query, size_t k, float sigmas,
                     SharedTopK& best, Bias& bias)
    : parts_(parts), query_(query), k_(k), sigmas_(sigmas), best_(&best), bias_(&bias), prune_at_(kPrune) {}

void CodedScan::scan(const Tile& tile, const PreparedQuery* prepared, ScanScratch& scratch) {
  const Rows& rows = parts_[tile.part];
  const uint32_t* alive = nullptr;
  if (!rows.dead.empty()) {
    const size_t there = living(rows, tile, scratch.alive);
    if (there == 0) return;
    alive = scratch.alive.data();
    if (there * kFew <= tile.end - tile.begin) return compare_living(tile, scratch.alive);
  }
  if (prepared == nullptr) {
    scan_flat(rows, tile.part, tile.begin, tile.end, query_, *best_);
    compared_ += tile.end - tile.begin;
  } else {
    const uint8_t* codes =
        rows.codes.data() + tile.begin / ops::kBlockRows * ops::block_bytes(prepared->bytes());
    scan_codes(codes, block_count(tile.end - tile.begin), *prepared, alive, scratch,
               [&](size_t row, RowPlace& place) {
                 place = {tile.part, tile.begin + static_cast<uint32_t>(row)};
                 return true;
               });
  }
}

void CodedScan::scan_list(const Lists& lists, uint32_t list, const PreparedQuery* prepared,
                          ScanScratch& scratch) {
  if (!lists.sound(list)) return;
  const auto numbers = lists.rows(list);
  if (prepared == nullptr) {
    std::vector<Pending> all;
    const float any = std::numeric_limits<float>::infinity();
    for (const uint32_t number : numbers)
      if (RowPlace place; find_row(lists, parts_, number, place))
        all.push_back({any, 0, place.part, place.row});
    compare(all);
  } else {
    scan_codes(lists.codes(list), lists.blocks(list), *prepared, nullptr, scratch,
               [&](size_t row, RowPlace& place) { return find_row(lists, parts_, numbers[row], place); });
  }
}

template <class PlaceOf>
void CodedScan::scan_codes(const uint8_t* codes, size_t blocks, const PreparedQuery& prepared,
                           const uint32_t* alive, ScanScratch& scratch, const PlaceOf& place_of) {
  const size_t block = ops::block_bytes(prepared.bytes());
  for (size_t at = 0, take; at < blocks; at += take) {
    take = std::min({blocks - at, std::max(kFirstBlocks, seen_), kTileRows / ops::kBlockRows});
    seen_ += take;
    scan_piece(codes + at * block, take, prepared, alive == nullptr ? nullptr : alive + at, scratch,
               [&](size_t row, RowPlace& place) { return place_of(at * ops::kBlockRows + row, place); });
  }
}

template <class PlaceOf>
void CodedScan::scan_piece(const uint8_t* codes, size_t blocks, const PreparedQuery& prepared,
                           const uint32_t* alive, ScanScratch& scratch, const PlaceOf& place_of) {
  const size_t code = prepared.bytes(), block = ops::block_bytes(code);
  const float base = prepared.base() + slack(query_.size());
  const float reach = this->reach();
  const size_t n = ops::scan_kernels().scan(codes, blocks, prepared.code(reach), best_->threshold() - base,
                                            alive, scratch.found.data());
  compare_asked();
  const size_t before = pending_.size();
  for (const ops::BoundedRow& found : std::span(scratch.found).first(n)) {
    RowPlace place;
    if (!place_of(found.row, place)) continue;
    const auto* factors =
        reinterpret_cast<const float*>(codes + found.row / ops::kBlockRows * block + code * ops::kBlockRows);
    const float deviation = prepared.deviation() * factors[found.row % ops::kBlockRows];
    pending_.push_back({found.bound + base - reach * deviation, deviation, place.part, place.row});
  }
  if (best_->size() < k_) compare_first(before);
  const auto first = std::partition(
      pending_.begin() + static_cast<ptrdiff_t>(std::min(before, pending_.size())), pending_.end(),
      [bar = best_->threshold(), spare = bias_->value() + kLikely](const Pending& candidate) {
        return candidate.estimate + spare * candidate.deviation < bar;
      });
  asked_.assign(first, pending_.end());
  pending_.erase(first, pending_.end());
  ask_for(asked_);
  if (pending_.size() >= prune_at_) {
    drop_hopeless();
    // What stays must not be gone through again and again.
    prune_at_ = std::max(kPrune, 2 * pending_.size());
  }
}

// As long as there is no bar, the candidates from `begin` on with the highest bounds make one.
void CodedScan::compare_first(size_t begin) {
  const size_t wanted = std::min(k_ - best_->size(), pending_.size() - begin);
  const auto from = pending_.begin() + static_cast<ptrdiff_t>(begin);
  const auto last = pending_.end() - static_cast<ptrdiff_t>(wanted);
  if (wanted == 0) return;
  std::nth_element(from, last, pending_.end(),
                   [&](const Pending& a, const Pending& b) { return bound(a) < bound(b); });
  ask_for({last, pending_.end()});
  compare({last, pending_.end()});
  pending_.erase(last, pending_.end());
}

void CodedScan::compare_living(const Tile& tile, std::span<const uint32_t> alive) {
  std::vector<Pending> there;
  for (size_t row = tile.begin; row < tile.end; row += ops::kBlockRows)
    for (uint32_t word = alive[(row - tile.begin) / ops::kBlockRows]; word != 0; word &= word - 1)
      there.push_back({std::numeric_limits<float>::infinity(), 0, tile.part,
                       static_cast<uint32_t>(row) + static_cast<uint32_t>(std::countr_zero(word))});
  compare(there);
}

const uint16_t* CodedScan::row_of(const Pending& candidate) const {
  return parts_[candidate.part].values.data() + candidate.row * query_.size();
}

void CodedScan::ask_for(std::span<const Pending> candidates) const {
  for (const Pending& candidate : candidates.first(std::min(candidates.size(), kFetchAhead)))
    fetch(row_of(candidate), query_.size() * sizeof(uint16_t));
}

void CodedScan::compare(std::span<const Pending> candidates) {
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i + kFetchAhead < candidates.size()) ask_for(candidates.subspan(i + kFetchAhead, 1));
    const Pending& candidate = candidates[i];
    if (bound(candidate) < best_->threshold()) continue;
    const Rows& rows = parts_[candidate.part];
    if (!rows.sound(candidate.row, candidate.row + 1)) continue;
    ++compared_;
    const float score =
        std::clamp(ops::kernels().dot_f16(row_of(candidate), query_.data(), query_.size()), -1.0f, 1.0f);
    if (score < best_->threshold()) continue;
    best_->add({score, rows.keys[candidate.row], candidate.part, candidate.row});
    if (candidate.deviation > 0) bias_->learn((score - candidate.estimate) / candidate.deviation);
  }
}

void CodedScan::compare_asked() {
  compare(asked_);
  asked_.clear();
}

void CodedScan::drop_hopeless() {
  std::erase_if(pending_,
                [&, bar = best_->threshold()](const Pending& candidate) { return bound(candidate) < bar; });
}

void CodedScan::finish() {
  compare_asked();
  drop_hopeless();
  ask_for(pending_);
  compare(pending_);
  pending_.clear();
}

}  // namespace elanus::index
