// Rows per second by batch size, one row beside the disk's own time; open and search at 10,000 and 100,000
// records of 512 values. See README.md.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <random>
#include <vector>

#include "base/f16.h"
#include "bench/measure.h"
#include "bench/store/disk.h"
#include "index/flat.h"
#include "store/validate.h"
#include "store_local/local_collection.h"

namespace {

using namespace elanus;
using bench::bytes_written;
using bench::Disk;
using bench::median;
using bench::must;
using bench::processor_seconds;
using bench::seconds;
namespace fs = std::filesystem;

constexpr uint32_t kDim = 512;

// Vectors made in advance: making them costs more than storing them.
class Rows {
 public:
  explicit Rows(size_t n) : n_(n), values_(n * kDim) {
    std::mt19937_64 random(1);
    std::normal_distribution<float> normal;
    for (float& value : values_) value = normal(random);
  }
  std::span<const float> row(size_t i) const { return std::span(values_).subspan((i % n_) * kDim, kDim); }

  store::Item item(size_t i) const {
    store::Picture picture;
    picture.path = "/home/somebody/Pictures/2026/11/IMG_" + std::to_string(i) + ".jpg";
    picture.root = "/home/somebody/Pictures";
    picture.content_hash = std::to_string(i * 0x9e3779b97f4a7c15u) + "0123456789ab";
    return {std::nullopt, row(i), picture};
  }

  // Records [first, first + count), in batches.
  double insert(store_local::LocalCollection& collection, size_t first, size_t count, size_t batch) const {
    return seconds([&] {
      std::vector<store::Item> items;
      for (size_t i = first; i < first + count; ++i) {
        items.push_back(item(i));
        if (items.size() == batch || i + 1 == first + count) {
          must(collection.upsert(items));
          items.clear();
        }
      }
    });
  }

  // Whether the collection, which holds rows 0 .. n - 1 as ids 1 .. n, answers as the slow reference does.
  void compare(const store_local::LocalCollection& collection, size_t n) const {
    std::vector<uint16_t> halves(n * kDim);
    std::vector<int64_t> ids(n);
    for (size_t i = 0; i < n; ++i) {
      ids[i] = static_cast<int64_t>(i) + 1;
      store::normalized_f16(row(i), std::span(halves).subspan(i * kDim, kDim));
    }
    const index::Rows part{halves, ids, {}};
    for (size_t q = 0; q < 5; ++q) {
      const auto query = query_like(q);
      const auto truth = index::search_flat_reference({&part, 1}, store::normalized(query), 10);
      const auto hits = must(collection.search(query, {10}));
      for (size_t i = 0; i < 10; ++i)
        if (hits[i].id != truth[i].key && std::abs(hits[i].cosine - truth[i].score) > 1e-5f) {
          std::fprintf(stderr, "wrong answer at %zu records, query %zu, hit %zu\n", n, q, i);
          std::exit(1);
        }
    }
  }

  // A query somewhere near a row.
  std::vector<float> query_like(size_t i) const {
    std::vector<float> query;
    for (size_t d = 0; d < kDim; ++d) query.push_back(row(i * 7)[d] + row(i * 13 + 1)[d]);
    return query;
  }

 private:
  size_t n_;
  std::vector<float> values_;
};

void insert_one_by_one(const fs::path& folder, const Rows& rows, size_t n) {
  const store::Schema schema{kDim, store::Metric::cosine, {"bench", ""}};
  const auto collection = must(store_local::LocalCollection::create(folder / "one", schema));
  Disk over(folder / "over", true), end(folder / "end", false);
  std::vector<double> commits, overs, ends;
  double all = 0, bytes = 0;
  for (size_t i = 0; i < n; ++i) {
    const store::Item item = rows.item(i);
    const size_t before = bytes_written();
    commits.push_back(seconds([&] { must(collection->upsert({&item, 1})); }));
    const std::string same(bytes_written() - before, 'x');
    overs.push_back(over.write(same));
    ends.push_back(end.write(same));
    all += commits.back();
    bytes += static_cast<double>(same.size());
  }
  std::printf(
      "insert one by one: p50 %.3f ms, mean %.3f ms; the same %.0f bytes written over and synced: %.3f ms, "
      "at "
      "the end of a file: %.3f ms; ratio %.2f\n",
      median(commits) * 1e3, all * 1e3 / static_cast<double>(n), bytes / static_cast<double>(n),
      median(overs) * 1e3, median(ends) * 1e3, median(commits) / median(overs));
}

void measure(const fs::path& folder, const Rows& rows, size_t n) {
  using store_local::LocalCollection;
  using store_local::OpenMode;
  std::vector<double> opens, firsts, searches;
  for (int i = 0; i < 7; ++i) {
    std::unique_ptr<LocalCollection> collection;
    opens.push_back(seconds([&] { collection = must(LocalCollection::open(folder, OpenMode::read_only)); }));
    firsts.push_back(seconds([&] { must(collection->search(rows.query_like(1), {10})); }));
  }
  const auto collection = must(LocalCollection::open(folder, OpenMode::read_only));
  rows.compare(*collection, n);
  const double cpu_before = processor_seconds();
  for (size_t i = 0; i < 200; ++i) {
    const auto query = rows.query_like(i);
    searches.push_back(seconds([&] { must(collection->search(query, {10})); }));
  }
  const double cpu = (processor_seconds() - cpu_before) / 200;
  const auto stats = must(collection->stats());
  std::printf(
      "%zu records: open %.2f ms, first search %.1f ms, search p50 %.2f ms (%.2f ms of CPU); library.db %.0f "
      "MB, library.idx "
      "%.0f MB\n",
      n, median(opens) * 1e3, median(firsts) * 1e3, median(searches) * 1e3, cpu * 1e3,
      static_cast<double>(stats.database_bytes) / 1e6, static_cast<double>(stats.index_bytes) / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench_store FOLDER\n");
    return 2;
  }
  const fs::path folder = argv[1];
  const Rows rows(20'000);
  const store::Schema schema{kDim, store::Metric::cosine, {"bench", ""}};
  for (const auto& [batch, count] : {std::pair<size_t, size_t>{1, 1'000}, {100, 20'000}, {1'000, 50'000}}) {
    auto collection =
        must(store_local::LocalCollection::create(folder / ("batch" + std::to_string(batch)), schema));
    const double cpu_before = processor_seconds();
    const double time = rows.insert(*collection, 0, count, batch);
    const double cpu = processor_seconds() - cpu_before, n = static_cast<double>(count);
    std::printf("insert in batches of %zu: %.0f rows/s (%.2f ms a batch), %.0f rows per second of CPU\n",
                batch, n / time, time * 1e3 * static_cast<double>(batch) / n, n / cpu);
    std::fflush(stdout);
  }
  insert_one_by_one(folder, rows, 1'000);
  auto collection = must(store_local::LocalCollection::create(folder / "search", schema));
  rows.insert(*collection, 0, 10'000, 1'000);
  measure(folder / "search", rows, 10'000);
  rows.insert(*collection, 10'000, 90'000, 1'000);
  measure(folder / "search", rows, 100'000);
  collection.reset();
  for (const char* name : {"one", "batch1", "batch100", "batch1000", "search"}) {
    const auto dropped = store_local::LocalCollection::drop(folder / name);
    if (!dropped.ok()) std::fprintf(stderr, "%s\n", dropped.error().message().c_str());
  }
  return 0;
}
