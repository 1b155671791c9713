#include "index/search.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "index/coded_scan.h"
#include "index/list_search.h"

namespace elanus::index {
namespace {

// Below this many rows the pool costs more than it gives: about 0.1 ms of scanning.
constexpr size_t kAlone = 65536;
// Tiles that a thread takes at once: each begins with a wait for memory.
constexpr size_t kTilesTaken = 4;
// Queries that share tiles: their tables and candidates stay in the second-level cache.
constexpr size_t kTogether = 16;

// Of the parts from `first` on.
std::vector<Tile> tiles_of(std::span<const Rows> parts, size_t first) {
  std::vector<Tile> tiles;
  for (auto part = static_cast<uint32_t>(first); part < parts.size(); ++part) {
    const auto rows = static_cast<uint32_t>(parts[part].keys.size());
    for (uint32_t begin = 0; begin < rows; begin += kTileRows)
      tiles.push_back({part, begin, std::min(rows, begin + kTileRows)});
  }
  return tiles;
}

std::vector<const Frame*> frames_of(std::span<const Rows> parts, size_t first, const Lists* lists) {
  std::vector<const Frame*> frames;
  if (lists != nullptr && lists->frame != nullptr) frames.push_back(lists->frame);
  for (const Rows& part : parts.subspan(first))
    if (part.frame != nullptr && std::find(frames.begin(), frames.end(), part.frame) == frames.end())
      frames.push_back(part.frame);
  return frames;
}

// Some queries, over all rows.
class Group {
 public:
  Group(std::span<const Rows> parts, std::span<const Tile> tiles, std::span<const Frame* const> frames,
        std::span<const float> queries, size_t dim, const SearchOptions& options)
      : parts_(parts),
        tiles_(tiles),
        frames_(frames),
        queries_(queries),
        options_(options),
        count_(queries.size() / dim),
        looked_(count_),
        bias_(count_),
        prepared_(count_ * frames.size()) {
    for (size_t q = 0; q < count_; ++q) best_.emplace_back(options.k);
    const size_t workers = options.pool != nullptr ? options.pool->size() : 1;
    scratch_.resize(workers);
    for (size_t worker = 0; worker < workers; ++worker)
      for (size_t q = 0; q < count_; ++q)
        scans_.emplace_back(parts, query(q), options.k, options.sigmas, best_[q], bias_[q]);
  }

  void run(base::ThreadPool* pool) {
    if (pool == nullptr) {
      for (size_t i = 0; i < prepared_.size(); ++i) prepare(i);
      for (size_t q = 0; q < count_; ++q) look_into_lists(q, 0);
      for (const Tile& tile : tiles_) scan(tile, 0);
      for (CodedScan& scan : scans_) scan.finish();
      return;
    }
    pool->run(prepared_.size(), [&](size_t i, unsigned) { prepare(i); });
    if (options_.lists != nullptr)
      pool->run(count_, [&](size_t q, unsigned worker) { look_into_lists(q, worker); });
    const size_t taken = std::max<size_t>(1, kTilesTaken / count_);
    pool->run((tiles_.size() + taken - 1) / taken, [&](size_t i, unsigned worker) {
      for (size_t tile = i * taken; tile < std::min(tiles_.size(), (i + 1) * taken); ++tile)
        scan(tiles_[tile], worker);
    });
    pool->run(scans_.size(), [&](size_t i, unsigned) { scans_[i].finish(); });
  }

  Answer take(size_t q) {
    Answer answer{best_[q].take(), 0, looked_[q]};
    for (size_t worker = 0; worker < scratch_.size(); ++worker) answer.compared += at(q, worker).compared();
    return answer;
  }

 private:
  std::span<const float> query(size_t q) const {
    const size_t dim = queries_.size() / count_;
    return queries_.subspan(q * dim, dim);
  }
  CodedScan& at(size_t q, size_t worker) { return scans_[worker * count_ + q]; }

  const PreparedQuery* prepared(size_t q, const Frame* frame) const {
    const auto found = std::find(frames_.begin(), frames_.end(), frame);
    return found == frames_.end()
               ? nullptr
               : &*prepared_[q * frames_.size() + static_cast<size_t>(found - frames_.begin())];
  }

  void prepare(size_t i) { prepared_[i].emplace(*frames_[i % frames_.size()], query(i / frames_.size())); }

  void look_into_lists(size_t q, unsigned worker) {
    if (options_.lists == nullptr) return;
    const Lists& lists = *options_.lists;
    const PreparedQuery* codes = prepared(q, lists.frame);
    CodedScan& scan = at(q, worker);
    looked_[q] = options_.nprobe == 0 ? search_promising(lists, query(q), options_.k, options_.missing,
                                                         options_.kept, codes, scan, scratch_[worker])
                                      : search_nearest(lists, query(q), options_.k, options_.nprobe, codes,
                                                       scan, scratch_[worker]);
  }

  void scan(const Tile& tile, unsigned worker) {
    for (size_t q = 0; q < count_; ++q)
      at(q, worker).scan(tile, prepared(q, parts_[tile.part].frame), scratch_[worker]);
  }

  std::span<const Rows> parts_;
  std::span<const Tile> tiles_;
  std::span<const Frame* const> frames_;
  std::span<const float> queries_;
  const SearchOptions& options_;
  size_t count_;
  std::vector<size_t> looked_;                          // [query]: lists
  std::deque<SharedTopK> best_;                         // [query]
  std::deque<Bias> bias_;                               // [query]
  std::vector<std::optional<PreparedQuery>> prepared_;  // [query][frame]
  std::vector<CodedScan> scans_;                        // [worker][query]
  std::vector<ScanScratch> scratch_;                    // [worker]
};

}  // namespace

std::vector<Answer> search(std::span<const Rows> parts, std::span<const float> queries, size_t dim,
                           const SearchOptions& options) {
  const size_t listed = options.lists != nullptr ? options.lists->starts.size() - 1 : 0;
  const auto tiles = tiles_of(parts, listed);
  const auto frames = frames_of(parts, listed, options.lists);
  size_t rows = 0;
  for (const Tile& tile : tiles) rows += tile.end - tile.begin;
  // Queries look into lists each by itself.
  if (options.lists != nullptr && queries.size() > dim) rows += options.lists->starts.back();
  const size_t count = queries.size() / dim;
  const bool alone =
      options.pool == nullptr || options.pool->size() == 1 || rows * std::min(count, kTogether) < kAlone;
  SearchOptions used = options;
  if (alone) used.pool = nullptr;
  std::vector<Answer> answers;
  for (size_t first = 0; first < count; first += kTogether) {
    const size_t n = std::min(kTogether, count - first);
    Group group(parts, tiles, frames, queries.subspan(first * dim, n * dim), dim, used);
    group.run(used.pool);
    for (size_t q = 0; q < n; ++q) answers.push_back(group.take(q));
  }
  return answers;
}

}  // namespace elanus::index
