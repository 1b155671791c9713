#include "index/flat.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "base/f16.h"
#include "index/test_queries.h"

namespace elanus::index {
namespace {

// Random unit rows in parts of the given sizes, keys descending, so that key order and row order differ.
class Library {
 public:
  Library(uint32_t dim, std::vector<size_t> sizes, uint64_t seed) : dim_(dim), random_(seed) {
    int64_t key = 1'000'000;
    for (const size_t size : sizes) {
      Storage& part = parts_.emplace_back();
      for (size_t i = 0; i < size; ++i) {
        for (const float value : unit()) part.values.push_back(base::f32_to_f16(value));
        part.keys.push_back(--key);
      }
    }
  }

  std::vector<float> unit() {
    std::normal_distribution<float> normal;
    std::vector<float> vector(dim_);
    double length = 0;
    for (float& value : vector) {
      value = normal(random_);
      length += double{value} * value;
    }
    for (float& value : vector) value = static_cast<float>(value / std::sqrt(length));
    return vector;
  }

  void kill(size_t part, size_t row) {
    Storage& storage = parts_[part];
    storage.dead.resize(storage.keys.size() / 64 + 1);
    storage.dead[row / 64] |= uint64_t{1} << (row % 64);
  }

  std::vector<Rows> rows() const {
    std::vector<Rows> rows;
    for (const Storage& part : parts_) rows.push_back({part.values, part.keys, part.dead});
    return rows;
  }

  struct Storage {
    std::vector<uint16_t> values;
    std::vector<int64_t> keys;
    std::vector<uint64_t> dead;
  };
  std::vector<Storage> parts_;

 private:
  uint32_t dim_;
  std::mt19937_64 random_;
};

// A sum of dim products in single precision against one in double: at most dim * 2^-24 of the sum of
// magnitudes, which for unit vectors is at most 1, and half an ulp of rounding for the result.
void expect_like_reference(const std::vector<Candidate>& found, const std::vector<Candidate>& reference,
                           size_t dim) {
  const auto tolerance = static_cast<float>((static_cast<double>(dim) + 2) * 0x1p-24);
  ASSERT_EQ(found.size(), reference.size());
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i].score, reference[i].score, tolerance) << i;
    if (i > 0) {
      EXPECT_TRUE(better(found[i - 1], found[i])) << i;
    }
  }
}

TEST(SearchFlat, AgreesWithTheReference) {
  for (const uint32_t dim : {1u, 3u, 8u, 31u, 128u, 512u, 1000u}) {
    Library library(dim, {65, 1, 300, 64}, dim);
    for (const size_t row : {0, 5, 63, 64, 299}) library.kill(2, row);
    library.kill(1, 0);
    for (const size_t k : {0, 1, 10, 1000}) {
      const auto query = library.unit();
      expect_like_reference(search_flat(library.rows(), query, k, nullptr),
                            search_flat_reference(library.rows(), query, k), dim);
    }
  }
}

TEST(SearchFlat, IsTheSameForAnyNumberOfThreads) {
  Library library(64, {5000, 7000, 20, 9000}, 7);
  for (size_t row = 0; row < 7000; row += 3) library.kill(1, row);
  base::ThreadPool two(2), five(5);
  for (int i = 0; i < 20; ++i) {
    const auto query = library.unit();
    const auto alone = search_flat(library.rows(), query, 50, nullptr);
    EXPECT_TRUE(alone == search_flat(library.rows(), query, 50, &two));
    EXPECT_TRUE(alone == search_flat(library.rows(), query, 50, &five));
  }
}

TEST(SearchFlat, ScoresDoNotDependOnWhereARowIs) {
  Library one(100, {257}, 3), split(100, {1, 63, 64, 129}, 3);
  const auto query = one.unit();
  const auto whole = search_flat(one.rows(), query, 257, nullptr),
             parts = search_flat(split.rows(), query, 257, nullptr);
  ASSERT_EQ(keys(whole), keys(parts));
  for (size_t i = 0; i < whole.size(); ++i) EXPECT_EQ(whole[i].score, parts[i].score);
}

TEST(SearchFlat, EqualScoresGoByKey) {
  Library library(16, {200}, 1);
  auto& part = library.parts_[0];
  for (size_t row = 1; row < 200; ++row) std::copy_n(part.values.begin(), 16, part.values.begin() + 16 * row);
  const auto found = keys(search_flat(library.rows(), library.unit(), 7, nullptr));
  // Keys descend with the row: the smallest are the last rows.
  EXPECT_THAT(found, testing::ElementsAre(999'800, 999'801, 999'802, 999'803, 999'804, 999'805, 999'806));
}

TEST(SearchFlat, ARowThatIsNotANumberIsNeverFound) {
  Library library(8, {10}, 1);
  library.parts_[0].values[8 * 4 + 2] = 0x7e00;
  EXPECT_EQ(search_flat(library.rows(), library.unit(), 10, nullptr).size(), 9u);
}

TEST(SearchFlat, NothingInNothing) {
  EXPECT_TRUE(search_flat({}, std::vector<float>{1, 0}, 5, nullptr).empty());
  Library library(2, {3}, 1);
  for (size_t row = 0; row < 3; ++row) library.kill(0, row);
  EXPECT_TRUE(search_flat(library.rows(), library.unit(), 5, nullptr).empty());
}

}  // namespace
}  // namespace elanus::index
