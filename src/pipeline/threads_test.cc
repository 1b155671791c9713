#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <thread>

#include "pipeline/pipeline.h"
#include "pipeline/test_numbers.h"

namespace elanus::pipeline {
namespace {

using testing::ElementsAreArray;

// Lets `n` callers through once all of them are inside at the same time; false when that does not come to
// pass.
class Meeting {
 public:
  explicit Meeting(int n) : n_(n) {}
  bool join() {
    std::unique_lock lock(mutex_);
    ++here_;
    all_.notify_all();
    return all_.wait_for(lock, std::chrono::seconds(20), [&] { return here_ >= n_; });
  }

 private:
  const int n_;
  int here_ = 0;
  std::mutex mutex_;
  std::condition_variable all_;
};

// How many callers are inside at once, at most.
class Gauge {
 public:
  void enter() {
    const int now = ++inside_;
    for (int peak = peak_; now > peak && !peak_.compare_exchange_weak(peak, now);) {
    }
  }
  void leave() { --inside_; }
  int peak() const { return peak_; }

 private:
  std::atomic<int> inside_ = 0, peak_ = 0;
};

TEST(Parallel, RunsNRowsAtOnceAndKeepsTheirOrder) {
  Meeting meeting(4);
  auto got = from<"n">(numbers(200))
                 .parallel(4)
                 .map<"n", "met">([&](int n) { return n >= 4 || meeting.join(); })
                 .collect();
  for (int i = 0; i < 200; ++i) EXPECT_EQ(got->rows[i], std::tuple(i, true));
}

TEST(Parallel, NeverMoreThanNInOneStage) {
  Gauge two, many;
  const auto gauged = [](Gauge& gauge) {
    return [&gauge](int n) {
      gauge.enter();
      std::this_thread::yield();
      gauge.leave();
      return n;
    };
  };
  auto got = from<"n">(numbers(500))
                 .parallel(2)
                 .map<"n", "n">(gauged(two))
                 .parallel(5)
                 .map<"n", "n">(gauged(many))
                 .collect<"n">();
  EXPECT_THAT(got->rows, ElementsAreArray(numbers(500)));
  EXPECT_LE(two.peak(), 2);
  EXPECT_LE(many.peak(), 5);
}

TEST(Parallel, FilterAndFlatMapKeepOrderToo) {
  auto got = from<"n">(numbers(100))
                 .parallel(3)
                 .filter<"n">([](int n) { return n % 3 != 0; })
                 .flat_map<"n", "m">([](int n) {
                   return std::vector<int>{n, -n};
                 })
                 .collect<"m">();
  std::vector<int> want;
  for (int n = 0; n < 100; ++n)
    if (n % 3 != 0) want.insert(want.end(), {n, -n});
  EXPECT_EQ(got->rows, want);
}

TEST(Parallel, ASlowSinkHoldsTheSourceBack) {
  std::atomic<int> begun = 0;
  int done = 0, ahead = 0;
  const auto report = from<"n">(numbers(300))
                          .parallel(4)
                          .map<"n", "n">([&](int n) { return ++begun, n; })
                          .prefetch(5)
                          .for_each<"n">([&](int) {
                            std::this_thread::sleep_for(std::chrono::microseconds(50));
                            ++done;
                            ahead = std::max(ahead, begun - done);
                          });
  EXPECT_EQ(report->rows, 300u);
  // 2 * 4 in the window, 5 in the queue, one in the hand of the thread that fills it.
  EXPECT_LE(ahead, 14);
}

TEST(Prefetch, RunsAheadWhileTheSinkWorks) {
  Meeting meeting(2);
  bool met = true;
  auto got = from<"n">(numbers(2))
                 .map<"n", "n">([&](int n) { return n == 0 || meeting.join() ? n : -1; })
                 .prefetch(2);
  // Row 1 is made while row 0 is with the sink, or they never meet.
  std::vector<int> seen;
  const auto report = std::move(got).for_each<"n">([&](int n) {
    if (n == 0) met = meeting.join();
    seen.push_back(n);
  });
  EXPECT_TRUE(met);
  EXPECT_THAT(seen, testing::ElementsAre(0, 1));
  EXPECT_TRUE(report.ok());
}

TEST(Prefetch, ASinkThatGivesUpEndsTheThreads) {
  const auto report = from<"n">(numbers(1000))
                          .parallel(3)
                          .map<"n", "n">([](int n) { return n; })
                          .prefetch(2)
                          .parallel(2)
                          .map<"n", "n">([](int n) { return n; })
                          .prefetch(2)
                          .for_each<"n">([](int n) -> Result<void> {
                            if (n == 7) return Error(ErrorKind::no_space, "the disk is full");
                            return {};
                          });
  EXPECT_EQ(report.error().message(), "row 7 (for_each n): the disk is full");
}

TEST(Prefetch, AChainThatIsNeverRunStartsNothing) {
  auto chain = from<"n">(numbers(3)).parallel(4).map<"n", "n">([](int) -> int { throw 1; }).prefetch(2);
  static_cast<void>(chain);
}

TEST(Stop, WhatHasBegunIsFinishedAndTheSourceIsReadNoFurther) {
  std::stop_source stop;
  auto got = from<"n">(numbers(1000))
                 .stop_on(stop.get_token())
                 .parallel(2)
                 .map<"n", "n">([&](int n) {
                   if (n == 20) stop.request_stop();
                   return n;
                 })
                 .collect<"n">();
  ASSERT_TRUE(got->report.stopped);
  EXPECT_GE(got->rows.size(), 21u);
  EXPECT_LE(got->rows.size(), 21u + 4u);
  EXPECT_THAT(got->rows, ElementsAreArray(numbers(static_cast<int>(got->rows.size()))));
}

TEST(Stop, ARunThatWasNotStoppedDoesNotSaySo) {
  std::stop_source stop;
  EXPECT_FALSE(from<"n">(numbers(3)).stop_on(stop.get_token()).collect()->report.stopped);
}

TEST(Function, IsSafeOnManyThreads) {
  const auto twice = [](int n) -> int {
    return *one<"n">(n).parallel(2).map<"n", "m">([](int x) { return 2 * x; }).prefetch(1).get<"m">();
  };
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> callers;
    for (int t = 0; t < 4; ++t)
      callers.emplace_back([&, t] {
        for (int i = 0; i < 50; ++i) wrong += twice(100 * t + i) != 2 * (100 * t + i);
      });
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace elanus::pipeline
