#include <gmock/gmock.h>

#include <stdexcept>

#include "pipeline/pipeline.h"
#include "pipeline/test_numbers.h"

namespace elanus::pipeline {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;

Result<int> not_five(int n) {
  if (n % 10 == 5) return Error(ErrorKind::corrupt, "five in " + std::to_string(n));
  return n;
}

int throws_at_five(int n) {
  if (n % 10 == 5) throw std::runtime_error("five in " + std::to_string(n));
  return n;
}

TEST(OnErrorStop, RowsBeforeItArriveThenTheRunEndsWithItsError) {
  for (unsigned workers : {1u, 4u})
    for (bool batched : {false, true}) {
      std::vector<int> seen;
      auto chain = from<"n">(numbers(100))
                       .parallel(workers)
                       .map<"n", "n">(not_five)
                       .map_batch<"n", "n">(batched ? 4 : 1, [](std::span<const int> n) {
                         return std::vector<int>(n.begin(), n.end());
                       });
      const auto report = std::move(chain).prefetch(3).for_each<"n">([&](int n) { seen.push_back(n); });
      EXPECT_EQ(report.error().kind(), ErrorKind::corrupt);
      EXPECT_EQ(report.error().message(), "row 5 (map n -> n): five in 5");
      EXPECT_THAT(seen, ElementsAreArray(numbers(5)));
    }
}

TEST(OnErrorStop, TheErrorIsThatOfTheFirstRowAlsoWhenAPrefetchIsAhead) {
  // The stage before the prefetch fails at row 8, the one behind it at row 5.
  const auto report = from<"n">(numbers(20))
                          .map<"n", "n">([](int n) -> Result<int> {
                            if (n == 8) return Error(ErrorKind::io, "eight");
                            return n;
                          })
                          .prefetch(20)
                          .map<"n", "n">(not_five)
                          .collect();
  EXPECT_THAT(report.error().message(), HasSubstr("five in 5"));
}

TEST(OnErrorStop, AConcatEndsToo) {
  auto got = from<"n">(numbers(7)).map<"n", "n">(not_five).concat(from<"n">(numbers(3))).collect();
  EXPECT_EQ(got.error().message(), "row 5 (map n -> n): five in 5");
}

TEST(OnErrorSkip, LeavesTheRowOutAndCountsIt) {
  for (unsigned workers : {1u, 3u}) {
    auto got = from<"n">(numbers(400))
                   .on_error(OnError::skip)
                   .parallel(workers)
                   .map<"n", "n">(throws_at_five)
                   .collect<"n">();
    EXPECT_EQ(got->rows.size(), 360u);
    EXPECT_EQ(got->report.rows, 360u);
    EXPECT_EQ(got->report.failed, 40u);
    ASSERT_EQ(got->report.failures.size(), 10u) << "the first of them";
    for (size_t i = 0; i < 10; ++i) EXPECT_EQ(got->report.failures[i].row, 10 * i + 5);
    EXPECT_EQ(got->report.failures[0].error.message(), "five in 5");
    EXPECT_EQ(got->report.stages[1].failed, 40u);
  }
}

TEST(OnErrorCollect, KeepsEveryFailure) {
  auto got = from<"n">(numbers(400)).map<"n", "n">(not_five).on_error(OnError::collect).collect();
  EXPECT_EQ(got->report.failures.size(), 40u);
  EXPECT_EQ(got->report.failures[39].row, 395u);
}

TEST(Errors, OfAPredicateAWindowAndAFlatMap) {
  auto got = from<"n">(numbers(7))
                 .on_error(OnError::skip)
                 .filter<"n">([](int n) -> Result<bool> {
                   TRY(not_five(n));
                   return n != 0;
                 })
                 .flat_map<"n", "n">([](int n) {
                   if (n == 1) throw std::runtime_error("one");
                   return std::vector<int>{n, n};
                 })
                 .window<"n", "s">(2, 2,
                                   [](std::span<const int> n) -> Result<int> {
                                     if (n[0] == 4) return Error(ErrorKind::io, "four");
                                     return n[0] + n[1];
                                   })
                 .collect<"s">();
  EXPECT_THAT(got->rows, ElementsAre(4, 6, 12));
  std::vector<std::string> said;
  for (const auto& failure : got->report.failures)
    said.push_back(std::to_string(failure.row) + " " + failure.stage + " " + failure.error.message());
  EXPECT_THAT(said, ElementsAre("1 flat_map n -> n one", "4 window n -> s four", "5 filter n five in 5"));
}

TEST(Batches, AWholeBatchFailsTogether) {
  auto got = from<"n">(numbers(5))
                 .on_error(OnError::skip)
                 .map_batch<"n", "m">(2,
                                      [](std::span<const int> n) -> Result<std::vector<int>> {
                                        if (n[0] == 2) return Error(ErrorKind::io, "no memory for it");
                                        return std::vector<int>(n.begin(), n.end());
                                      })
                 .collect<"m">();
  EXPECT_THAT(got->rows, ElementsAre(0, 1, 4));
  EXPECT_EQ(got->report.failed, 2u);
}

TEST(Batches, OrRowByRow) {
  for (auto policy : {OnError::skip, OnError::stop}) {
    std::vector<int> seen;
    const auto report = from<"n">(numbers(8))
                            .on_error(policy)
                            .map_batch<"n", "m">(4,
                                                 [](std::span<const int> n) {
                                                   std::vector<Result<int>> values;
                                                   for (int x : n) values.push_back(not_five(x));
                                                   return values;
                                                 })
                            .for_each<"m">([&](int n) { seen.push_back(n); });
    if (policy == OnError::skip) {
      EXPECT_THAT(seen, ElementsAre(0, 1, 2, 3, 4, 6, 7));
    } else {
      EXPECT_THAT(seen, ElementsAre(0, 1, 2, 3, 4));
      EXPECT_EQ(report.error().message(), "row 5 (map_batch n -> m): five in 5");
    }
  }
}

TEST(Batches, AnotherNumberOfValuesIsAnError) {
  auto got = from<"n">(numbers(3))
                 .map_batch<"n", "m">(3, [](std::span<const int>) { return std::vector<int>(2); })
                 .collect();
  EXPECT_EQ(got.error().message(), "row 0 (map_batch n -> m): the operator gave 2 values for 3 rows");
}

TEST(Get, IsTheErrorOfItsRowWhateverThePolicy) {
  const auto got = one<"n">(5).on_error(OnError::skip).map<"n", "n">(not_five).get<"n">();
  EXPECT_THAT(got.error().message(), HasSubstr("five"));
}

TEST(Report, CountsEachStageAndSaysIt) {
  auto got = from<"n">(numbers(20))
                 .on_error(OnError::skip)
                 .map<"n", "m">(not_five)
                 .filter<"m">([](int n) { return n < 10; })
                 .collect<"m">();
  const Report& report = got->report;
  ASSERT_EQ(report.stages.size(), 4u);
  EXPECT_EQ(report.stages[0].stage, "from n");
  EXPECT_EQ(report.stages[0].rows_out, 20u);
  EXPECT_EQ(report.stages[1].stage, "map n -> m");
  EXPECT_EQ(report.stages[1].rows_in, 20u);
  EXPECT_EQ(report.stages[1].rows_out, 18u);
  EXPECT_EQ(report.stages[1].failed, 2u);
  EXPECT_EQ(report.stages[2].rows_out, 9u);
  EXPECT_EQ(report.stages[3].rows_out, 9u);
  const std::string text = to_text(report);
  EXPECT_THAT(text, HasSubstr("map n -> m"));
  EXPECT_THAT(text, HasSubstr("9 rows in"));
  EXPECT_THAT(text, HasSubstr("row 15 (map n -> m): five in 15"));
}

}  // namespace
}  // namespace elanus::pipeline
