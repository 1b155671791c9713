#include "index/top_k.h"

#include <gmock/gmock.h>

#include <random>

namespace elanus::index {
namespace {

TEST(TopK, KeepsWhatSortingWouldKeepInAnyOrder) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 200; ++round) {
    std::vector<Candidate> all;
    const auto n = random() % 40;
    for (uint64_t i = 0; i < n; ++i)
      all.push_back({static_cast<float>(random() % 6), static_cast<int64_t>(i), 0, 0});
    std::shuffle(all.begin(), all.end(), random);
    const size_t k = random() % 12;
    TopK first(k), second(k);
    for (const Candidate& candidate : all) (random() % 2 ? first : second).add(candidate);
    first.merge(second);
    std::sort(all.begin(), all.end(), better);
    if (all.size() > k) all.resize(k);
    const auto best = first.take();
    ASSERT_EQ(best.size(), all.size());
    for (size_t i = 0; i < all.size(); ++i) EXPECT_TRUE(best[i] == all[i]);
  }
}

TEST(TopK, NothingBelowTheThresholdCanEnter) {
  TopK best(2);
  EXPECT_EQ(best.threshold(), -std::numeric_limits<float>::infinity());
  best.add({0.5f, 1, 0, 0});
  EXPECT_EQ(best.threshold(), -std::numeric_limits<float>::infinity());
  best.add({0.7f, 2, 0, 0});
  EXPECT_EQ(best.threshold(), 0.5f);
  best.add({0.5f, 0, 0, 0});
  const auto taken = best.take();
  EXPECT_EQ(taken[1].key, 0) << "as good as the threshold, and a smaller key";
}

}  // namespace
}  // namespace elanus::index
