// Search by codes beside the bandwidth of memory. See README.md.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "index/codes.h"
#include "index/flat.h"
#include "index/recall.h"
#include "index/search.h"
#include "io/file.h"
#include "ops/buffer.h"
#include "ops/kernels.h"
#include "tests/support/clip_like.h"

namespace {

using namespace elanus;
namespace fs = std::filesystem;

constexpr uint32_t kDim = 512;
constexpr size_t kQueries = 200;
constexpr size_t kFilterQueries = 40;  // each filter needs its own truth, by exact search

template <class T>
T must(Result<T> result) {
  if (result.ok()) return std::move(result).value();
  std::fprintf(stderr, "%s\n", result.error().message().c_str());
  std::exit(1);
}

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> times) {
  std::nth_element(times.begin(), times.begin() + static_cast<ptrdiff_t>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

// Unit vectors rounded to half floats, so that all engines search exactly the same numbers.
void generate(const fs::path& folder, size_t n) {
  const testing_support::ClipLike clip(kDim);
  const auto write = [&](const char* name, size_t count, const auto& make) {
    std::ofstream file(folder / name, std::ios::binary);
    std::vector<float> row(kDim);
    std::vector<uint16_t> half(kDim);
    for (size_t i = 0; i < count; ++i) {
      make(i, row);
      ops::kernels().f32_to_f16(row.data(), half.data(), kDim);
      file.write(reinterpret_cast<const char*>(half.data()), kDim * sizeof(uint16_t));
    }
  };
  write("pictures.f16", n, [&](size_t i, std::span<float> out) { clip.picture(i, out); });
  write("texts.f16", kQueries, [&](size_t i, std::span<float> out) { clip.text(i, out); });
  write("others.f16", kQueries,
        [&](size_t i, std::span<float> out) { clip.picture(1'000'000'000 + i, out); });
}

struct Queries {
  const char* name;
  std::vector<float> values;
  std::vector<std::vector<int64_t>> truth;
};

std::span<const float> query(const Queries& queries, size_t i) {
  return std::span(queries.values).subspan(i * kDim, kDim);
}

std::vector<int64_t> keys(const std::vector<index::Candidate>& candidates) {
  std::vector<int64_t> keys;
  for (const auto& candidate : candidates) keys.push_back(candidate.key);
  return keys;
}

// Everything is read from huge pages where the system has them.
std::span<uint8_t> buffer(ops::Buffer& owner, size_t bytes) {
  owner = must(ops::Buffer::allocate(bytes));
  return {reinterpret_cast<uint8_t*>(owner.data()), bytes};
}

class Bench {
 public:
  Bench(const fs::path& folder, size_t n) : keys_(n) {
    const auto file = must(io::MappedFile::open(folder / "pictures.f16"));
    const auto bytes = buffer(rows_owner_, n * kDim * sizeof(uint16_t));
    if (file.bytes().size() < bytes.size())
      std::exit((std::fprintf(stderr, "fewer pictures than that\n"), 1));
    std::memcpy(bytes.data(), file.bytes().data(), bytes.size());
    for (size_t i = 0; i < n; ++i) keys_[i] = static_cast<int64_t>(i);
    rows_ = {{reinterpret_cast<const uint16_t*>(bytes.data()), n * kDim}, keys_, {}, nullptr, {}, nullptr};
    build();
    for (auto& [name, values, truth] : queries_) {
      const auto halves = must(io::MappedFile::open(folder / (std::string(name) + ".f16")));
      values.resize(halves.bytes().size() / 2);
      ops::kernels().f16_to_f32(reinterpret_cast<const uint16_t*>(halves.bytes().data()), values.data(),
                                values.size());
    }
  }

  void find_truth() {
    base::ThreadPool pool;
    std::vector<double> alone;
    for (Queries& queries : queries_)
      for (size_t i = 0; i < kQueries; ++i) {
        std::vector<index::Candidate> best;
        const double time = seconds([&] {
          best = index::search_flat({&rows_, 1}, query(queries, i), 10, i < 20 ? nullptr : &pool);
        });
        if (i < 20) alone.push_back(time);
        queries.truth.push_back(keys(best));
      }
    std::printf("exact, one thread: p50 %.3f ms\n", median(alone) * 1e3);
  }

  void floor() const {
    std::vector<double> times;
    uint64_t sum = 0;
    for (int run = 0; run < 9; ++run)
      times.push_back(seconds([&] {
        const auto* words = reinterpret_cast<const uint64_t*>(rows_.codes.data());
        uint64_t sums[8] = {};
        for (size_t i = 0; i + 8 <= rows_.codes.size() / 8; i += 8)
          for (size_t lane = 0; lane < 8; ++lane) sums[lane] += words[i + lane];
        for (const uint64_t lane : sums) sum += lane;
      }));
    volatile uint64_t used = sum;
    static_cast<void>(used);
    std::printf("the codes are %.1f MB; reading them once, one thread: %.3f ms (%.1f GB/s)\n",
                static_cast<double>(rows_.codes.size()) / 1e6, median(times) * 1e3,
                static_cast<double>(rows_.codes.size()) / median(times) / 1e9);
  }

  void kernels() const {
    const index::PreparedQuery prepared(*rows_.frame, query(queries_[0], 0), 3);
    std::vector<ops::BoundedRow> found(2048);
    const size_t block = ops::block_bytes(index::code_bytes(kDim)), blocks = rows_.codes.size() / block;
    for (const auto level :
         {ops::ScanLevel::portable, ops::ScanLevel::ssse3, ops::ScanLevel::avx2, ops::ScanLevel::avx512}) {
      if (!ops::supports(level)) continue;
      const ops::ScanKernels& table = ops::scan_kernels(level);
      for (const bool in_cache : {true, false}) {
        std::vector<double> times;
        for (int run = 0; run < 9; ++run)
          times.push_back(seconds([&] {
            for (size_t b = 0; b + 64 <= blocks; b += 64)
              table.scan(rows_.codes.data() + (in_cache ? 0 : b) * block, 64, prepared.code(), 1e30f, nullptr,
                         found.data());
          }));
        std::printf("scan %-8s %s: %.2f ns/row\n", ops::to_string(level), in_cache ? "in cache" : "all rows",
                    median(times) / static_cast<double>(blocks / 64 * 2048) * 1e9);
      }
    }
  }

  void single() const {
    for (const float sigmas : {1.0f, 2.0f, 2.5f, 3.0f, 4.0f})
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
      std::vector<uint64_t> dead(keys_.size() / 64 + 1, ~uint64_t{0});
      for (size_t i = 0; i < keys_.size(); ++i)
        if (i * 0x9e3779b97f4a7c15u % one_in == 0) dead[i / 64] &= ~(uint64_t{1} << i % 64);
      index::Rows kept = rows_;
      kept.dead = dead;
      Queries few{queries_[0].name, queries_[0].values, {}};
      for (size_t i = 0; i < kFilterQueries; ++i)
        few.truth.push_back(keys(index::search_flat({&kept, 1}, query(few, i), 10, nullptr)));
      std::printf("a filter that keeps one in %4zu: ", one_in);
      measure(few, 3, nullptr, kept);
    }
  }

 private:
  void build() {
    const size_t n = keys_.size();
    std::vector<uint16_t> sample;
    const size_t taken = std::min(n, index::kFrameSample);
    for (size_t i = 0; i < taken; ++i) {
      const auto row = rows_.values.subspan(i * (n / taken) * kDim, kDim);
      sample.insert(sample.end(), row.begin(), row.end());
    }
    const double learning =
        seconds([&] { frame_ = std::make_unique<index::Frame>(must(index::Frame::learn(kDim, sample))); });
    const auto codes = buffer(codes_owner_, index::coded_bytes(kDim, n));
    const double encoding = seconds([&] { index::encode(*frame_, rows_.values, codes); });
    rows_.frame = frame_.get();
    rows_.codes = codes;
    std::printf("%zu rows; build on one thread: statistics %.2f s, codes %.2f s (%.0f rows/s)\n", n, learning,
                encoding, static_cast<double>(n) / encoding);
  }

  static void measure(const Queries& queries, float sigmas, base::ThreadPool* pool, const index::Rows& rows) {
    const size_t asked = queries.truth.size();
    std::vector<double> times;
    double recall = 0, compared = 0;
    for (size_t i = 0; i < asked; ++i) {
      std::vector<index::Answer> answer;
      times.push_back(seconds([&] {
        answer = index::search({&rows, 1}, query(queries, i), kDim, {10, sigmas, pool});
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

  ops::Buffer rows_owner_, codes_owner_;
  std::vector<int64_t> keys_;
  std::unique_ptr<index::Frame> frame_;
  index::Rows rows_;
  std::vector<Queries> queries_{{"texts", {}, {}}, {"others", {}, {}}};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: bench_index generate|measure FOLDER ROWS\n");
    return 2;
  }
  const size_t n = std::strtoull(argv[3], nullptr, 10);
  if (std::string(argv[1]) == "generate") {
    fs::create_directories(argv[2]);
    generate(argv[2], n);
    return 0;
  }
  Bench bench(argv[2], n);
  bench.find_truth();
  bench.floor();
  bench.kernels();
  bench.single();
  bench.batches();
  bench.filters();
  return 0;
}
