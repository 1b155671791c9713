#include "index/search.h"

#include <algorithm>
#include <memory>

#include "index/coded_scan.h"

namespace elanus::index {
namespace {

// Below this many rows the pool costs more than it gives: about 0.1 ms of scanning.
constexpr size_t kAlone = 65536;
// Queries that share tiles: their tables and candidates stay in the second-level cache.
constexpr size_t kTogether = 16;

std::vector<Tile> tiles_of(std::span<const Rows> parts) {
  std::vector<Tile> tiles;
  for (uint32_t part = 0; part < parts.size(); ++part) {
    const auto rows = static_cast<uint32_t>(parts[part].keys.size());
    for (uint32_t begin = 0; begin < rows; begin += kTileRows)
      tiles.push_back({part, begin, std::min(rows, begin + kTileRows)});
  }
  return tiles;
}

std::vector<const Frame*> frames_of(std::span<const Rows> parts) {
  std::vector<const Frame*> frames;
  for (const Rows& part : parts)
    if (part.frame != nullptr && std::find(frames.begin(), frames.end(), part.frame) == frames.end())
      frames.push_back(part.frame);
  return frames;
}

// Some queries, over all rows.
class Group {
 public:
  Group(std::span<const Rows> parts, std::span<const Tile> tiles, std::span<const Frame* const> frames,
        std::span<const float> queries, size_t dim, const SearchOptions& options)
      : parts_(parts), tiles_(tiles), frames_(frames), count_(queries.size() / dim), shared_(count_) {
    for (size_t q = 0; q < count_; ++q)
      for (const Frame* frame : frames)
        prepared_.emplace_back(*frame, queries.subspan(q * dim, dim), options.sigmas);
    const size_t workers = options.pool != nullptr ? options.pool->size() : 1;
    scratch_.resize(workers);
    for (size_t worker = 0; worker < workers; ++worker)
      for (size_t q = 0; q < count_; ++q)
        scans_.emplace_back(parts, queries.subspan(q * dim, dim), options.k, options.sigmas, shared_[q]);
  }

  void run(base::ThreadPool* pool) {
    if (pool == nullptr) {
      for (const Tile& tile : tiles_) scan(tile, 0);
      for (CodedScan& scan : scans_) scan.finish();
      return;
    }
    pool->run(tiles_.size(), [&](size_t i, unsigned worker) { scan(tiles_[i], worker); });
    pool->run(scans_.size(), [&](size_t i, unsigned) { scans_[i].finish(); });
  }

  Answer take(size_t q) {
    TopK best = at(q, 0).best();
    Answer answer{{}, at(q, 0).compared()};
    for (size_t worker = 1; worker < scratch_.size(); ++worker) {
      best.merge(at(q, worker).best());
      answer.compared += at(q, worker).compared();
    }
    answer.best = best.take();
    return answer;
  }

 private:
  CodedScan& at(size_t q, size_t worker) { return scans_[worker * count_ + q]; }

  void scan(const Tile& tile, unsigned worker) {
    const auto frame = std::find(frames_.begin(), frames_.end(), parts_[tile.part].frame);
    for (size_t q = 0; q < count_; ++q) {
      const PreparedQuery* prepared =
          frame == frames_.end()
              ? nullptr
              : &prepared_[q * frames_.size() + static_cast<size_t>(frame - frames_.begin())];
      at(q, worker).scan(tile, prepared, scratch_[worker]);
    }
  }

  std::span<const Rows> parts_;
  std::span<const Tile> tiles_;
  std::span<const Frame* const> frames_;
  size_t count_;
  std::vector<SharedThreshold> shared_;  // [query]
  std::vector<PreparedQuery> prepared_;  // [query][frame]
  std::vector<CodedScan> scans_;         // [worker][query]
  std::vector<ScanScratch> scratch_;     // [worker]
};

}  // namespace

std::vector<Answer> search(std::span<const Rows> parts, std::span<const float> queries, size_t dim,
                           const SearchOptions& options) {
  const auto tiles = tiles_of(parts);
  const auto frames = frames_of(parts);
  size_t rows = 0;
  for (const Tile& tile : tiles) rows += tile.end - tile.begin;
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
