#include "ingest/ordered_results.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace elanus::ingest {
namespace {

TEST(OrderedResults, ComeOutInOrderWithinTheWindow) {
  constexpr size_t kCount = 500, kWindow = 7;
  OrderedResults<size_t> results(kCount, kWindow);
  std::atomic<size_t> outstanding{0}, most{0};
  std::vector<std::thread> workers;
  for (unsigned w = 0; w < 4; ++w)
    workers.emplace_back([&, w] {
      while (const auto index = results.claim()) {
        const size_t now = ++outstanding;
        size_t seen = most;
        while (seen < now && !most.compare_exchange_weak(seen, now)) {
        }
        if (*index % 50 == w) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        results.deliver(*index, *index * 3);
      }
    });
  for (size_t i = 0; i < kCount; ++i) {
    const auto result = results.next();
    --outstanding;
    ASSERT_EQ(result, i * 3);
  }
  EXPECT_EQ(results.next(), std::nullopt);
  for (auto& worker : workers) worker.join();
  EXPECT_LE(most, kWindow + 1);
}

TEST(OrderedResults, CloseEndsTheClaimsAndKeepsWhatWasClaimed) {
  OrderedResults<int> results(100, 4);
  ASSERT_EQ(results.claim(), 0u);
  ASSERT_EQ(results.claim(), 1u);
  results.deliver(1, 11);
  results.close();
  EXPECT_EQ(results.claim(), std::nullopt);
  results.deliver(0, 10);
  EXPECT_EQ(results.next(), 10);
  EXPECT_EQ(results.next(), 11);
  EXPECT_EQ(results.next(), std::nullopt);
}

TEST(OrderedResults, NothingToDo) {
  OrderedResults<int> results(0, 4);
  EXPECT_EQ(results.claim(), std::nullopt);
  EXPECT_EQ(results.next(), std::nullopt);
}

}  // namespace
}  // namespace elanus::ingest
