// A collection on disk, asked as the program asks it: with its records, filters in SQL, and lists. See
// README.md.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/index/collection.h"
#include "index/recall.h"
#include "ops/kernels.h"
#include "store_local/local_collection.h"

namespace {

using namespace elanus;
using namespace elanus::bench;
using store_local::LocalCollection;
using store_local::OpenMode;
namespace fs = std::filesystem;

constexpr size_t kBatch = 1000;

// Picture i is the record i + 1; its width says which filters keep it.
void insert(const index::Rows& rows, const fs::path& folder) {
  const auto collection = must(LocalCollection::create(folder, {kDim, store::Metric::cosine, {"bench", ""}}));
  const size_t n = rows.keys.size();
  std::vector<float> vectors(kBatch * kDim);
  std::vector<double> times;
  const double before = processor_seconds();
  for (size_t first = 0; first < n; first += kBatch) {
    const size_t count = std::min(kBatch, n - first);
    ops::kernels().f16_to_f32(rows.values.data() + first * kDim, vectors.data(), count * kDim);
    std::vector<store::Item> items;
    for (size_t i = first; i < first + count; ++i) {
      store::Picture picture;
      picture.path = "/home/somebody/Pictures/2026/11/IMG_" + std::to_string(i) + ".jpg";
      picture.root = "/home/somebody/Pictures";
      picture.content_hash = std::to_string(i * 0x9e3779b97f4a7c15u) + "0123456789ab";
      picture.width = static_cast<uint32_t>(1 + i * 0x9e3779b97f4a7c15u % 1000);
      items.push_back(
          {static_cast<int64_t>(i), std::span(vectors).subspan((i - first) * kDim, kDim), picture});
    }
    times.push_back(seconds([&] { must(collection->upsert(items)); }));
  }
  double all = 0;
  for (const double time : times) all += time;
  const auto tenth = static_cast<ptrdiff_t>(std::max<size_t>(times.size() / 10, 1));
  const auto mean = [&](auto from, auto to) {
    double sum = 0;
    for (auto at = from; at != to; ++at) sum += *at;
    return sum / static_cast<double>(to - from) * 1e3;
  };
  std::printf(
      "inserts in batches of %zu: %.0f rows/s, %.0f rows per second of CPU; a batch %.1f ms in the first "
      "tenth, "
      "%.1f ms in the last, at most %.1f ms\n",
      kBatch, static_cast<double>(n) / all, static_cast<double>(n) / (processor_seconds() - before),
      mean(times.begin(), times.begin() + tenth), mean(times.end() - tenth, times.end()),
      *std::max_element(times.begin(), times.end()) * 1e3);
}

std::vector<int64_t> ids(const std::vector<store::Hit>& hits) {
  std::vector<int64_t> all;
  for (const store::Hit& hit : hits) all.push_back(hit.id);
  return all;
}

class Bench {
 public:
  Bench(const fs::path& folder, const std::vector<Queries>& queries) : queries_(queries) {
    std::vector<double> opens, firsts;
    for (int run = 0; run < 7; ++run) {
      collection_.reset();  // to unmap takes longer than to open
      opens.push_back(
          seconds([&] { collection_ = must(LocalCollection::open(folder, OpenMode::read_only)); }));
      firsts.push_back(seconds([&] { must(collection_->search(queries_[0].one(0), {10})); }));
    }
    const auto stats = must(collection_->stats());
    std::printf(
        "open %.2f ms, first search %.1f ms; index %s with %lu lists; library.db %.0f MB, library.idx %.0f "
        "MB\n",
        median(opens) * 1e3, median(firsts) * 1e3, to_string(stats.index).c_str(),
        static_cast<unsigned long>(stats.lists), static_cast<double>(stats.database_bytes) / 1e6,
        static_cast<double>(stats.index_bytes) / 1e6);
  }

  void efforts() const {
    for (const auto& [name, effort] :
         {std::pair{"fast", store::Effort::fast}, {"balanced", store::Effort::balanced}})
      for (const Queries& queries : queries_) measure(name, queries, {10, {}, effort});
  }

  // The truth of a filter is what comparing all that it keeps finds.
  void filters() const {
    for (const int64_t kept : {500, 100, 10, 1}) {
      const store::Filter filter{store::NumberIs{store::NumberField::width, store::Comparison::le, kept}};
      Queries few{queries_[0].name, queries_[0].values, {}};
      for (size_t i = 0; i < 40; ++i)
        few.truth.push_back(ids(must(collection_->search(few.one(i), {10, filter, store::Effort::exact}))));
      measure(("one in " + std::to_string(1000 / kept)).c_str(), few, {10, filter});
    }
  }

  void batches() const {
    for (const size_t size : {1, 8})
      for (const Queries& queries : queries_) {
        double recall = 0;
        const double time = seconds([&] {
          for (size_t i = 0; i + size <= kQueries; i += size) {
            const auto answers = must(
                collection_->search_batch(std::span(queries.values).subspan(i * kDim, size * kDim), {10}));
            for (size_t q = 0; q < size; ++q)
              recall += index::recall_at_k(queries.truth[i + q], ids(answers[q]), 10);
          }
        });
        std::printf("batches of %zu, %-6s: %.0f queries/s, recall@10 %.4f\n", size, queries.name,
                    static_cast<double>(kQueries) / time, recall / static_cast<double>(kQueries));
      }
  }

 private:
  void measure(const char* what, const Queries& queries, const store::SearchParams& params) const {
    const size_t asked = queries.truth.size();
    std::vector<double> times;
    double recall = 0;
    const double before = processor_seconds();
    for (size_t i = 0; i < asked; ++i) {
      std::vector<store::Hit> hits;
      times.push_back(seconds([&] { hits = must(collection_->search(queries.one(i), params)); }));
      recall += index::recall_at_k(queries.truth[i], ids(hits), 10) / static_cast<double>(asked);
    }
    const double cpu = (processor_seconds() - before) / static_cast<double>(asked);
    std::sort(times.begin(), times.end());
    std::printf("%-12s %-6s: recall@10 %.4f, p50 %.3f ms, p95 %.3f ms, CPU %.3f ms\n", what, queries.name,
                recall, times[asked / 2] * 1e3, times[asked * 95 / 100] * 1e3, cpu * 1e3);
    std::fflush(stdout);
  }

  const std::vector<Queries>& queries_;
  std::unique_ptr<LocalCollection> collection_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: bench_library PICTURES ROWS STORE INDEX\n");
    return 2;
  }
  const fs::path folder = argv[3];
  Collection pictures(argv[1], std::strtoull(argv[2], nullptr, 10));
  pictures.find_truth();
  if (!LocalCollection::exists(folder)) insert(pictures.rows(), folder);
  {
    const auto collection = must(LocalCollection::open(folder, OpenMode::read_write));
    const auto chosen = collection->set_index(must(store_local::parse_index_spec(argv[4])));
    if (!chosen.ok()) std::exit((std::fprintf(stderr, "%s\n", chosen.error().message().c_str()), 1));
    bool made = false;
    const double time = seconds([&] { made = must(collection->settle([](auto, auto) { return true; })); });
    if (made) std::printf("lists gathered in %.1f s\n", time);
  }
  const Bench bench(folder, pictures.queries());
  bench.efforts();
  bench.filters();
  bench.batches();
  return 0;
}
