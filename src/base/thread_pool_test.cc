#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/bounded_queue.h"

namespace elanus::base {
namespace {

TEST(ThreadPool, CallsEachIndexOnceAndNoWorkerTwiceAtATime) {
  for (const unsigned threads : {1u, 2u, 5u}) {
    ThreadPool pool(threads);
    ASSERT_EQ(pool.size(), threads);
    for (int round = 0; round < 300; ++round) {
      std::vector<std::atomic<int>> calls(17), busy(threads);
      std::atomic<bool> overlap{false};
      pool.run(calls.size(), [&](size_t index, unsigned worker) {
        if (busy[worker].exchange(1)) overlap = true;
        calls[index].fetch_add(1);
        busy[worker] = 0;
      });
      for (auto& count : calls) ASSERT_EQ(count.load(), 1);
      ASSERT_FALSE(overlap);
    }
  }
}

TEST(ThreadPool, SleepingWorkersWakeUp) {
  ThreadPool pool(3);
  for (int round = 0; round < 5; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::atomic<int> sum{0};
    pool.run(100, [&](size_t index, unsigned) { sum += static_cast<int>(index); });
    EXPECT_EQ(sum, 4950);
  }
}

TEST(ThreadPool, CallersFromManyThreadsTakeTurns) {
  ThreadPool pool(2);
  std::atomic<int> sum{0};
  std::vector<std::thread> callers;
  for (int c = 0; c < 4; ++c)
    callers.emplace_back([&] {
      for (int i = 0; i < 50; ++i) pool.run(10, [&](size_t, unsigned) { ++sum; });
    });
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(sum, 2000);
}

TEST(BoundedQueue, TryPushNeverWaits) {
  BoundedQueue<int> queue(1);
  EXPECT_TRUE(queue.try_push(1));
  EXPECT_FALSE(queue.try_push(2)) << "full";
  EXPECT_EQ(queue.pop(), 1);
  queue.close();
  EXPECT_FALSE(queue.try_push(3)) << "closed";
  EXPECT_FALSE(queue.pop());
}

TEST(BoundedQueue, HoldsTheProducerBackAndKeepsOrder) {
  BoundedQueue<int> queue(2);
  std::atomic<int> pushed{0};
  std::thread producer([&] {
    for (int i = 0; i < 100 && queue.push(i); ++i) ++pushed;
    queue.close();
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_LE(pushed, 2);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(queue.pop(), i);
  EXPECT_EQ(queue.pop(), std::nullopt);
  producer.join();
  EXPECT_FALSE(queue.push(1));
  EXPECT_EQ(queue.try_pop(), std::nullopt);
}

}  // namespace
}  // namespace elanus::base
