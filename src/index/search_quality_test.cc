// How many of the true neighbours are found, and at which cost.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "index/test_queries.h"

namespace elanus::index {
namespace {

// The values of a NumPy file of little-endian floats, whose header ends with the first line.
std::vector<float> read_floats(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string header;
  std::getline(file, header);
  const auto from = static_cast<size_t>(file.tellg());
  std::vector<float> values((std::filesystem::file_size(path) - from) / sizeof(float));
  file.read(reinterpret_cast<char*>(values.data()),
            static_cast<std::streamsize>(values.size() * sizeof(float)));
  return values;
}

// Gates from both sides: better than this is also a change that somebody should know of. 20,000 pictures like
// CLIP's, recall at 10 of 100 queries and the share of rows compared, as measured on 21 November 2026.
TEST(SearchQuality, TextQueries) {
  const Rows part = pictures().rows();
  const Quality fast = quality({&part, 1}, texts(), 512, 2), balanced = quality({&part, 1}, texts(), 512, 3);
  EXPECT_NEAR(fast.recall, 0.993, 0.006);
  EXPECT_NEAR(fast.compared, 0.013, 0.008);
  EXPECT_GE(balanced.recall, 0.998);
  EXPECT_NEAR(balanced.compared, 0.025, 0.015);
}

TEST(SearchQuality, PictureQueries) {
  const Rows part = pictures().rows();
  const Quality fast = quality({&part, 1}, other_pictures(), 512, 2);
  const Quality balanced = quality({&part, 1}, other_pictures(), 512, 3);
  EXPECT_NEAR(fast.recall, 0.995, 0.005);
  EXPECT_NEAR(fast.compared, 0.005, 0.004);
  EXPECT_GE(balanced.recall, 0.998);
  EXPECT_NEAR(balanced.compared, 0.008, 0.006);
}

// As in collections of millions: each query has thirty rows that share half of all it has, also what the
// filter takes for noise. Without learning their bias `fast` finds .81 of them, `balanced` .93.
TEST(SearchQuality, NearDuplicates) {
  const auto queries = other_pictures();
  TestRows rows(512, 20'000, [&](size_t i, std::span<float> out) {
    clip().picture(i, out);
    if (i % 20 < 3)
      for (size_t d = 0; d < 512; ++d) out[d] += queries[i / 20 % kQueries * 512 + d];
    make_unit(out);
  });
  rows.learn();
  const Rows part = rows.rows();
  const Quality fast = quality({&part, 1}, queries, 512, 2), balanced = quality({&part, 1}, queries, 512, 3);
  EXPECT_GE(fast.recall, 0.985);
  EXPECT_LT(fast.compared, 0.02);
  EXPECT_GE(balanced.recall, 0.995);
}

TEST(SearchQuality, NoPreferredDirection) {
  std::mt19937_64 random(3);
  const Fill any = [&](size_t, std::span<float> out) {
    const auto unit = random_unit(256, random);
    std::copy(unit.begin(), unit.end(), out.begin());
  };
  TestRows rows(256, 10'000, any);
  rows.learn();
  const Rows part = rows.rows();
  const auto queries = queries_of(256, kQueries, any);
  const Quality fast = quality({&part, 1}, queries, 256, 2), balanced = quality({&part, 1}, queries, 256, 3);
  EXPECT_NEAR(fast.recall, 0.985, 0.012);
  EXPECT_GE(balanced.recall, 0.997);
  EXPECT_LT(balanced.compared, 0.5) << "the worst case, and still less than half is read";
}

// The frame was learnt from a twentieth of the rows, all of them neighbours of one.
TEST(SearchQuality, StaleStatistics) {
  const auto near = keys(search_flat(
      std::vector<Rows>{pictures().rows()},
      queries_of(512, 1, [](size_t, std::span<float> out) { clip().picture(7, out); }), 1000, nullptr));
  std::vector<uint16_t> narrow;
  for (const int64_t key : near) {
    const auto row = pictures().values().subspan(static_cast<size_t>(key) * 512, 512);
    narrow.insert(narrow.end(), row.begin(), row.end());
  }
  TestRows rows(512, pictures().values());
  rows.code(std::make_shared<Frame>(Frame::learn(512, narrow).value()));
  const Rows part = rows.rows();
  for (const auto& queries : {texts(), other_pictures()}) {
    const Quality fast = quality({&part, 1}, queries, 512, 2),
                  balanced = quality({&part, 1}, queries, 512, 3);
    EXPECT_GE(fast.recall, 0.97);
    EXPECT_GE(balanced.recall, 0.995);
    EXPECT_LT(balanced.compared, 0.15);
  }
}

TEST(SearchQuality, NonsenseQueries) {
  std::mt19937_64 random(9);
  const Rows part = pictures().rows();
  const auto queries = queries_of(512, kQueries, [&](size_t, std::span<float> out) {
    const auto unit = random_unit(512, random);
    std::copy(unit.begin(), unit.end(), out.begin());
  });
  EXPECT_GE(quality({&part, 1}, queries, 512, 3).recall, 0.995);
}

TEST(SearchQuality, DimensionsThatAreNoPowerOfTwo) {
  for (const uint32_t dim : {640u, 768u}) {
    const testing_support::ClipLike like(dim);
    TestRows rows(dim, 2000, [&](size_t i, std::span<float> out) { like.picture(i, out); });
    rows.learn();
    const Rows part = rows.rows();
    const auto queries = queries_of(dim, 50, [&](size_t q, std::span<float> out) { like.text(q, out); });
    const Quality balanced = quality({&part, 1}, queries, dim, 3);
    EXPECT_GE(balanced.recall, 0.995) << dim;
    EXPECT_LT(balanced.compared, 0.15) << dim;
  }
}

// Real CLIP vectors, when they are at hand.
TEST(SearchQuality, RealVectors) {
  const std::filesystem::path folder = ELANUS_SOURCE_DIR "/../shared/data/flickr8k-clip";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "needs the vectors of shared/data/flickr8k-clip";
  const auto images = read_floats(folder / "image_vectors.npy"),
             captions = read_floats(folder / "text_vectors.npy");
  TestRows rows(512, images.size() / 512, [&](size_t i, std::span<float> out) {
    std::copy_n(images.begin() + static_cast<ptrdiff_t>(i * 512), 512, out.begin());
  });
  rows.learn();
  const Rows part = rows.rows();
  const Quality fast = quality({&part, 1}, captions, 512, 2),
                balanced = quality({&part, 1}, captions, 512, 3);
  EXPECT_NEAR(fast.recall, 0.99, 0.009);
  EXPECT_GE(balanced.recall, 0.998);
  EXPECT_LT(balanced.compared, 0.4) << "of 1,077 rows: the bar is low in a small collection";
}

}  // namespace
}  // namespace elanus::index
