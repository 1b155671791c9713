// Search through lists beside the scan of all codes. See README.md.
#include <algorithm>
#include <cstdio>
#include <fstream>

#include "bench/index/collection.h"
#include "index/lists.h"
#include "index/recall.h"
#include "index/search.h"

namespace {

using namespace elanus;
using namespace elanus::bench;
namespace fs = std::filesystem;

template <class T>
void keep(std::ofstream& file, const std::vector<T>& values) {
  const uint64_t n = values.size();
  file.write(reinterpret_cast<const char*>(&n), sizeof n);
  file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(n * sizeof(T)));
}

template <class T>
void take(std::ifstream& file, std::vector<T>& values) {
  uint64_t n = 0;
  file.read(reinterpret_cast<char*>(&n), sizeof n);
  values.resize(n);
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(n * sizeof(T)));
}

// From an earlier run when it is there: gathering takes minutes and needs no quiet machine.
index::OwnedLists lists_of(const fs::path& folder, const index::Rows& rows, uint32_t count) {
  const fs::path kept =
      folder / ("lists-" + std::to_string(rows.keys.size()) + "-" + std::to_string(count) + ".bin");
  index::OwnedLists lists;
  double time = 0;
  if (std::ifstream file(kept, std::ios::binary); file) {
    file.read(reinterpret_cast<char*>(&time), sizeof time);
    take(file, lists.centres), take(file, lists.covariance), take(file, lists.spread),
        take(file, lists.begin);
    take(file, lists.bodies), take(file, lists.starts);
  } else {
    base::ThreadPool pool;
    time = seconds([&] {
      lists =
          must(index::gather({&rows, 1}, {count, kDim, rows.frame}, pool, [](auto, auto) { return true; }));
    });
    std::ofstream out(kept, std::ios::binary);
    out.write(reinterpret_cast<const char*>(&time), sizeof time);
    keep(out, lists.centres), keep(out, lists.covariance), keep(out, lists.spread), keep(out, lists.begin);
    keep(out, lists.bodies), keep(out, lists.starts);
  }
  std::printf("%u lists gathered on two threads in %.1f s (%.0f rows/s), %.1f %% of the places empty\n",
              count, time, static_cast<double>(rows.keys.size()) / time,
              100 - 100 * static_cast<double>(rows.keys.size()) / (lists.begin.back() * 32.0));
  return lists;
}

void measure(const char* what, const index::Rows& rows, const Queries& queries,
             const index::SearchOptions& options, size_t asked) {
  std::vector<double> times;
  double recall = 0, compared = 0, looked = 0;
  for (size_t i = 0; i < asked; ++i) {
    std::vector<index::Answer> answer;
    times.push_back(seconds([&] { answer = index::search({&rows, 1}, queries.one(i), kDim, options); }));
    recall += index::recall_at_k(queries.truth[i], keys(answer[0].best), 10) / static_cast<double>(asked);
    compared += static_cast<double>(answer[0].compared) / static_cast<double>(asked);
    looked += static_cast<double>(answer[0].lists) / static_cast<double>(asked);
  }
  std::sort(times.begin(), times.end());
  std::printf(
      "%-14s t = %.1f, %-6s: recall@10 %.4f, p50 %.3f ms, p95 %.3f ms, %.0f rows compared, %.1f lists\n",
      what, static_cast<double>(options.sigmas), queries.name, recall, times[asked / 2] * 1e3,
      times[asked * 95 / 100] * 1e3, compared, looked);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: bench_lists FOLDER ROWS LISTS [gather]\n");
    return 2;
  }
  const size_t n = std::strtoull(argv[2], nullptr, 10);
  Collection collection(argv[1], n);
  collection.find_truth();
  const auto owned = lists_of(argv[1], collection.rows(), static_cast<uint32_t>(std::atoi(argv[3])));
  if (argc > 4) return 0;
  const index::Lists lists = owned.view(kDim, collection.rows().frame);
  for (const unsigned threads : {1u, 2u}) {
    base::ThreadPool pool(threads);
    std::printf("reading all codes once on %u threads: %.3f ms\n", threads,
                floor_of(collection.rows(), pool) * 1e3);
  }
  const size_t asked = n > 2'000'000 ? 100 : kQueries;
  for (const float sigmas : {2.0f, 3.0f, 4.0f})
    for (const auto& queries : collection.queries())
      measure("all codes", collection.rows(), queries, {10, sigmas}, asked);
  base::ThreadPool pool;
  for (const auto& queries : collection.queries())
    measure("  two threads", collection.rows(), queries, {10, 3, &pool}, asked);
  for (const float sigmas : {1.0f, 2.0f, 3.0f})
    for (const float missing : {0.3f, 0.1f, 0.03f, 0.01f, 0.003f, 0.001f, 0.0003f})
      for (const auto& queries : collection.queries())
        measure(("missing " + std::to_string(missing).substr(0, 6)).c_str(), collection.rows(), queries,
                {10, sigmas, nullptr, &lists, missing}, asked);
  std::printf("resident: %s\n", resident().c_str());
  return 0;
}
