#include "bench/index/collection.h"

#include <algorithm>
#include <cstring>
#include <fstream>

#include "index/codes.h"
#include "index/flat.h"
#include "index/search.h"
#include "ops/kernels.h"
#include "tests/support/clip_like.h"

namespace elanus::bench {
namespace {

namespace fs = std::filesystem;

// More are mapped: a copy would not fit beside the page cache.
constexpr size_t kCopied = 2'000'000;

std::span<uint8_t> buffer(ops::Buffer& owner, size_t bytes) {
  owner = must(ops::Buffer::allocate(bytes));
  return {reinterpret_cast<uint8_t*>(owner.data()), bytes};
}

}  // namespace

std::vector<int64_t> keys(const std::vector<index::Candidate>& candidates) {
  std::vector<int64_t> keys;
  for (const auto& candidate : candidates) keys.push_back(candidate.key);
  return keys;
}

void generate(const fs::path& folder, size_t n) {
  fs::create_directories(folder);
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

Collection::Collection(const fs::path& folder, size_t n)
    : folder_(folder), file_(must(io::MappedFile::open(folder / "pictures.f16"))), keys_(n) {
  const size_t bytes = n * kDim * sizeof(uint16_t);
  if (file_.bytes().size() < bytes) std::exit((std::fprintf(stderr, "fewer pictures than that\n"), 1));
  const auto* values = reinterpret_cast<const uint16_t*>(file_.bytes().data());
  if (n <= kCopied) {
    const auto copy = buffer(rows_owner_, bytes);
    std::memcpy(copy.data(), values, bytes);
    values = reinterpret_cast<const uint16_t*>(copy.data());
  }
  for (size_t i = 0; i < n; ++i) keys_[i] = static_cast<int64_t>(i);
  rows_ = {{values, n * kDim}, keys_, {}, nullptr, {}, nullptr};
  encode();
  for (auto& [name, queries, truth] : queries_) {
    const auto halves = must(io::MappedFile::open(folder / (std::string(name) + ".f16")));
    queries.resize(halves.bytes().size() / 2);
    ops::kernels().f16_to_f32(reinterpret_cast<const uint16_t*>(halves.bytes().data()), queries.data(),
                              queries.size());
  }
}

void Collection::encode() {
  const size_t n = keys_.size(), taken = std::min(n, index::kFrameSample);
  std::vector<uint16_t> sample;
  for (size_t i = 0; i < taken; ++i) {
    const auto row = rows_.values.subspan(i * (n / taken) * kDim, kDim);
    sample.insert(sample.end(), row.begin(), row.end());
  }
  const double learning =
      seconds([&] { frame_ = std::make_unique<index::Frame>(must(index::Frame::learn(kDim, sample))); });
  const auto codes = buffer(codes_owner_, index::coded_bytes(kDim, n));
  base::ThreadPool pool;
  constexpr size_t kPiece = 8192;
  const double encoding = seconds([&] {
    pool.run((n + kPiece - 1) / kPiece, [&](size_t i, unsigned) {
      const size_t count = std::min(kPiece, n - i * kPiece);
      index::encode(*frame_, rows_.values.subspan(i * kPiece * kDim, count * kDim),
                    codes.subspan(index::coded_bytes(kDim, i * kPiece), index::coded_bytes(kDim, count)));
    });
  });
  rows_.frame = frame_.get();
  rows_.codes = codes;
  std::printf("%zu rows; build: statistics %.2f s, codes on %u threads %.2f s (%.0f rows/s)\n", n, learning,
              pool.size(), encoding, static_cast<double>(n) / encoding);
}

void Collection::find_truth() {
  base::ThreadPool pool;
  for (Queries& queries : queries_) {
    const fs::path kept =
        folder_ / (std::string(queries.name) + "-" + std::to_string(keys_.size()) + ".truth");
    queries.truth.assign(kQueries, std::vector<int64_t>(10));
    if (std::ifstream file(kept, std::ios::binary); file) {
      for (auto& ten : queries.truth) file.read(reinterpret_cast<char*>(ten.data()), 80);
      if (file) continue;
    }
    std::ofstream file(kept, std::ios::binary);
    // Comparing tens of gigabytes for each query takes long: seven standard deviations miss nothing, and the
    // first queries show that.
    const bool by_codes = keys_.size() > kCopied;
    for (size_t i = 0; i < kQueries; ++i) {
      if (!by_codes || i < 3)
        queries.truth[i] = keys(index::search_flat({&rows_, 1}, queries.one(i), 10, &pool));
      if (by_codes) {
        const auto found = keys(index::search({&rows_, 1}, queries.one(i), kDim, {10, 7, &pool})[0].best);
        if (i < 3 && found != queries.truth[i])
          std::exit((std::fprintf(stderr, "codes miss a neighbour\n"), 1));
        queries.truth[i] = found;
      }
      file.write(reinterpret_cast<const char*>(queries.truth[i].data()), 80);
    }
  }
}

double floor_of(const index::Rows& rows, base::ThreadPool& pool) {
  // A load of sixteen bytes is all that is asked of the processor; lines are fetched ahead as the scan does.
  using Sixteen = uint64_t __attribute__((vector_size(16)));
  constexpr size_t kPiece = 294912;  // 4096 rows of 512 values
  std::vector<double> times;
  std::vector<Sixteen> sums(pool.size() * 4);
  for (int run = 0; run < 9; ++run)
    times.push_back(seconds([&] {
      pool.run(rows.codes.size() / kPiece, [&](size_t piece, unsigned worker) {
        const uint8_t* from = rows.codes.data() + piece * kPiece;
        Sixteen sum[4] = {};
        for (size_t at = 0; at < kPiece; at += 64) {
          __builtin_prefetch(from + at + 8192);
#pragma GCC unroll 4
          for (size_t i = 0; i < 4; ++i) {
            Sixteen values;
            std::memcpy(&values, from + at + i * 16, sizeof values);
            sum[i] += values;
          }
        }
        sums[worker * 4] += sum[0] + sum[1] + sum[2] + sum[3];
      });
    }));
  volatile uint64_t used = sums[0][0];
  static_cast<void>(used);
  return median(times);
}

std::string resident() {
  std::ifstream status("/proc/self/status");
  std::string word, own = "?", mapped = "?";
  while (status >> word) {
    if (word == "RssAnon:") status >> own;
    if (word == "RssFile:") status >> mapped;
  }
  const auto mb = [](const std::string& kb) {
    return std::to_string(std::strtoull(kb.c_str(), nullptr, 10) / 1000);
  };
  return mb(own) + " MB of its own, " + mb(mapped) + " MB of mapped files";
}

}  // namespace elanus::bench
