// Real CLIP vectors, when they are at hand: the stored half floats rank as brute force over the given floats
// does.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

#include "index/recall.h"
#include "io/npy.h"
#include "store_local/test_library.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;

std::span<const float> row(const io::Matrix& matrix, size_t i) {
  return std::span(matrix.values).subspan(i * matrix.columns, matrix.columns);
}

double cosine(std::span<const float> a, std::span<const float> b) {
  double ab = 0, aa = 0, bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    ab += double{a[i]} * b[i];
    aa += double{a[i]} * a[i];
    bb += double{b[i]} * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

// The ids of the ten nearest, in double precision.
std::vector<int64_t> brute_force(const io::Matrix& images, std::span<const float> query) {
  std::vector<double> cosines(images.rows);
  for (size_t i = 0; i < images.rows; ++i) cosines[i] = cosine(row(images, i), query);
  std::vector<int64_t> ids(images.rows);
  std::iota(ids.begin(), ids.end(), 0);
  std::partial_sort(ids.begin(), ids.begin() + 10, ids.end(), [&](int64_t a, int64_t b) {
    return cosines[static_cast<size_t>(a)] > cosines[static_cast<size_t>(b)];
  });
  ids.resize(10);
  return ids;
}

TEST(Flickr8k, TheNearestAreThoseOfBruteForce) {
  const fs::path folder = ELANUS_SOURCE_DIR "/../shared/data/flickr8k-clip";
  if (!fs::exists(folder)) GTEST_SKIP() << "needs the vectors of shared/data/flickr8k-clip";
  const auto images = io::read_npy(folder / "image_vectors.npy").value();
  const auto texts = io::read_npy(folder / "text_vectors.npy").value();
  const TestFolder store;
  const auto dim = static_cast<uint32_t>(images.columns);
  const auto collection = LocalCollection::create(store.path(), {dim, store::Metric::cosine, {}}).value();
  std::vector<store::Item> items;
  for (size_t i = 0; i < images.rows; ++i) {
    store::Picture picture;
    picture.path = std::to_string(i);
    items.push_back({static_cast<int64_t>(i), row(images, i), picture});
  }
  ASSERT_TRUE(collection->upsert(items).ok());
  double recall = 0;
  for (size_t q = 0; q < texts.rows; ++q) {
    std::vector<int64_t> found;
    const auto hits = collection->search(row(texts, q), {10}).value();
    for (const store::Hit& hit : hits) found.push_back(hit.id);
    const auto truth = brute_force(images, row(texts, q));
    EXPECT_EQ(found[0], truth[0]) << "caption " << q;
    // Rounding to 11 bits moves each product by at most 2^-12 of itself, and a row's length by as much.
    for (const store::Hit& hit : hits)
      EXPECT_NEAR(hit.cosine, cosine(row(images, static_cast<size_t>(hit.id)), row(texts, q)), 0x1p-11);
    recall += index::recall_at_k(truth, found, 10) / static_cast<double>(texts.rows);
  }
  // Neighbours ten and eleven may be closer to each other than half floats can tell: measured .9986.
  EXPECT_GT(recall, 0.998);
}

}  // namespace
}  // namespace elanus::store_local
