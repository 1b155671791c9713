#include "index/top_k.h"

#include <gmock/gmock.h>

#include <random>
#include <thread>

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
    TopK best_of(k);
    for (const Candidate& candidate : all) best_of.add(candidate);
    std::sort(all.begin(), all.end(), better);
    if (all.size() > k) all.resize(k);
    const auto best = best_of.take();
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

TEST(SharedTopK, ThreadsKeepWhatOneWouldKeep) {
  constexpr int kThreads = 4, kEach = 2000;
  const auto candidate = [](int i) {
    return Candidate{static_cast<float>(i * 7919 % 1009), int64_t{i}, 0, 0};
  };
  SharedTopK shared(10);
  TopK alone(10);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread)
    threads.emplace_back([&, thread] {
      for (int i = thread; i < kThreads * kEach; i += kThreads)
        if (candidate(i).score >= shared.threshold()) shared.add(candidate(i));
    });
  for (auto& thread : threads) thread.join();
  for (int i = 0; i < kThreads * kEach; ++i) alone.add(candidate(i));
  EXPECT_EQ(shared.size(), 10u);
  EXPECT_EQ(shared.threshold(), alone.threshold());
  EXPECT_EQ(shared.take(), alone.take());
}

}  // namespace
}  // namespace elanus::index
