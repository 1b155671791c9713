// Search by codes beside the bandwidth of memory. See README.md.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "bench/index/collection.h"
#include "index/codes.h"
#include "index/flat.h"
#include "index/recall.h"
#include "index/search.h"

namespace {

using namespace elanus;
using namespace elanus::bench;

constexpr size_t kFilterQueries = 40;  // each filter needs its own truth, by exact search

class Bench {
 public:
  Bench(const char* folder, size_t n)
      : collection_(folder, n), rows_(collection_.rows()), queries_(collection_.queries()) {
    collection_.find_truth();
  }

  void exact() const {
    std::vector<double> times;
    for (size_t i = 0; i < 20; ++i)
      times.push_back(seconds([&] { index::search_flat({&rows_, 1}, queries_[0].one(i), 10, nullptr); }));
    std::printf("exact, one thread: p50 %.3f ms\n", median(times) * 1e3);
  }

  void floor() const {
    for (const unsigned threads : {1u, 2u}) {
      base::ThreadPool pool(threads);
      const double time = floor_of(rows_, pool), bytes = static_cast<double>(rows_.codes.size());
      std::printf("reading the codes (%.1f MB) once on %u threads: %.3f ms (%.1f GB/s)\n", bytes / 1e6,
                  threads, time * 1e3, bytes / time / 1e9);
    }
  }

  void preparing() const {
    std::vector<double> times;
    for (size_t i = 0; i < kQueries; ++i)
      times.push_back(seconds([&] { index::PreparedQuery(*rows_.frame, queries_[0].one(i)); }));
    std::printf("preparing a query: %.1f us\n", median(times) * 1e6);
  }

  void kernels() const {
    const index::PreparedQuery prepared(*rows_.frame, queries_[0].one(0));
    std::vector<ops::BoundedRow> found(2048);
    const size_t block = ops::block_bytes(index::code_bytes(kDim)), blocks = rows_.codes.size() / block;
    for (const auto level : {ops::ScanLevel::portable, ops::ScanLevel::neon, ops::ScanLevel::ssse3,
                             ops::ScanLevel::avx2, ops::ScanLevel::avx512}) {
      if (!ops::supports(level)) continue;
      const ops::ScanKernels& table = ops::scan_kernels(level);
      for (const bool in_cache : {true, false}) {
        std::vector<double> times;
        for (int run = 0; run < 9; ++run)
          times.push_back(seconds([&] {
            for (size_t b = 0; b + 64 <= blocks; b += 64)
              table.scan(rows_.codes.data() + (in_cache ? 0 : b) * block, 64, prepared.code(3), 1e30f,
                         nullptr, found.data());
          }));
        std::printf("scan %-8s %s: %.2f ns/row\n", ops::to_string(level), in_cache ? "in cache" : "all rows",
                    median(times) / static_cast<double>(blocks / 64 * 2048) * 1e9);
      }
    }
  }

  void single() const {
    for (const float sigmas : {1.0f, 1.8f, 2.0f, 2.5f, 3.0f, 4.0f})
      for (const Queries& queries : queries_) measure(queries, sigmas, nullptr, rows_);
    base::ThreadPool pool;
    std::printf("one query on %u threads:\n", pool.size());
    for (const Queries& queries : queries_) measure(queries, 3, &pool, rows_);
  }

  void batches() const {
    base::ThreadPool pool;
    for (base::ThreadPool* threads : {static_cast<base::ThreadPool*>(nullptr), &pool})
      for (const size_t size : {size_t{1}, size_t{8}, size_t{16}})
        for (const Queries& queries : queries_) {
          double recall = 0;
          const double time = seconds([&] {
            for (size_t i = 0; i + size <= kQueries; i += size) {
              const auto answers =
                  index::search({&rows_, 1}, std::span(queries.values).subspan(i * kDim, size * kDim), kDim,
                                {10, 3, threads});
              for (size_t q = 0; q < size; ++q)
                recall += index::recall_at_k(queries.truth[i + q], keys(answers[q].best), 10);
            }
          });
          const auto asked = static_cast<double>(kQueries / size * size);
          std::printf("batches of %2zu, %u threads, %s: %.0f queries/s at recall %.4f\n", size,
                      threads ? threads->size() : 1, queries.name, asked / time, recall / asked);
        }
  }

  void filters() const {
    for (const size_t one_in : {2, 10, 100, 1000}) {
      std::vector<uint64_t> dead(rows_.keys.size() / 64 + 1, ~uint64_t{0});
      for (size_t i = 0; i < rows_.keys.size(); ++i)
        if (i * 0x9e3779b97f4a7c15u % one_in == 0) dead[i / 64] &= ~(uint64_t{1} << i % 64);
      index::Rows kept = rows_;
      kept.dead = dead;
      Queries few{queries_[0].name, queries_[0].values, {}};
      for (size_t i = 0; i < kFilterQueries; ++i)
        few.truth.push_back(keys(index::search_flat({&kept, 1}, few.one(i), 10, nullptr)));
      std::printf("a filter that keeps one in %4zu: ", one_in);
      measure(few, 3, nullptr, kept);
    }
  }

 private:
  static void measure(const Queries& queries, float sigmas, base::ThreadPool* pool, const index::Rows& rows) {
    const size_t asked = queries.truth.size();
    std::vector<double> times;
    double recall = 0, compared = 0;
    for (size_t i = 0; i < asked; ++i) {
      std::vector<index::Answer> answer;
      times.push_back(seconds([&] {
        answer = index::search({&rows, 1}, queries.one(i), kDim, {10, sigmas, pool});
      }));
      recall += index::recall_at_k(queries.truth[i], keys(answer[0].best), 10) / static_cast<double>(asked);
      compared += static_cast<double>(answer[0].compared) / static_cast<double>(asked);
    }
    std::sort(times.begin(), times.end());
    std::printf("t = %.1f, %-6s: recall@10 %.4f, p50 %.3f ms, p95 %.3f ms, %.0f rows compared\n",
                static_cast<double>(sigmas), queries.name, recall, times[asked / 2] * 1e3,
                times[asked * 95 / 100] * 1e3, compared);
    std::fflush(stdout);
  }

  Collection collection_;
  const index::Rows& rows_;
  const std::vector<Queries>& queries_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: bench_index generate|measure FOLDER ROWS\n");
    return 2;
  }
  const size_t n = std::strtoull(argv[3], nullptr, 10);
  if (std::string(argv[1]) == "generate") {
    generate(argv[2], n);
    return 0;
  }
  Bench bench(argv[2], n);
  bench.exact();
  bench.floor();
  bench.preparing();
  bench.kernels();
  bench.single();
  bench.batches();
  bench.filters();
  return 0;
}
