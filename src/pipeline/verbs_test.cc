#include <gmock/gmock.h>

#include <list>
#include <memory>

#include "pipeline/pipeline.h"
#include "pipeline/test_numbers.h"

namespace elanus::pipeline {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::Pair;
using Pairs = std::vector<std::pair<int, std::string>>;

const auto length = [](const std::string& text) { return text.size(); };
const auto sum = [](std::span<const int> values) { return std::accumulate(values.begin(), values.end(), 0); };

TEST(From, WordsInBracesBecomeStrings) {
  auto got = from<"text">({"A white dog", "A black dog"}).collect<"text">();
  EXPECT_THAT(got->rows, ElementsAre("A white dog", "A black dog"));
}

TEST(From, AnyRangeAlsoOfElementsThatCannotBeCopied) {
  std::list<std::unique_ptr<int>> list;
  list.push_back(std::make_unique<int>(7));
  auto got = from<"p">(std::move(list))
                 .map<"p", "n">([](const std::unique_ptr<int>& p) { return *p; })
                 .collect<"n">();
  EXPECT_THAT(got->rows, ElementsAre(7));
}

TEST(From, AViewKeepsItsElements) {
  std::vector<std::string> words{"one", "two"};
  auto got = from<"w">(std::span<std::string>(words)).collect<"w">();
  EXPECT_EQ(got->rows, words);
  EXPECT_THAT(words, ElementsAre("one", "two"));
}

TEST(From, SeveralNamesTakeTheParts) {
  auto got = from<"id", "path">(Pairs{{1, "a"}, {2, "b"}}).collect<"path", "id">();
  EXPECT_THAT(got->rows, ElementsAre(std::tuple("a", 1), std::tuple("b", 2)));
}

TEST(Map, AddsAColumnFromSeveral) {
  auto got = from<"id", "path">(Pairs{{1, "a"}, {2, "bb"}})
                 .map<"path", "id", "both">(
                     [](const std::string& path, int id) { return path + std::to_string(id); })
                 .collect();
  EXPECT_THAT(got->rows, ElementsAre(std::tuple(1, "a", "a1"), std::tuple(2, "bb", "bb2")));
}

TEST(Map, ReplacesAColumnInItsPlace) {
  auto got = from<"id", "path">(Pairs{{1, "a"}, {2, "bb"}})
                 .map<"id", "id">([](int id) { return id / 2.0; })
                 .collect();
  EXPECT_THAT(got->rows, ElementsAre(std::tuple(0.5, "a"), std::tuple(1.0, "bb")));
}

TEST(Map, TakesFunctionsMembersAndCallablesThatCannotBeCopied) {
  struct Picture {
    int width;
  };
  auto got =
      from<"picture">(std::vector<Picture>{{3}, {4}})
          .map<"picture", "width">(&Picture::width)
          .map<"width", "width">([owned = std::make_unique<int>(10)](int width) { return width * *owned; })
          .collect<"width">();
  EXPECT_THAT(got->rows, ElementsAre(30, 40));
}

TEST(MapBatch, OneCallForUpToNRows) {
  std::vector<size_t> sizes;
  auto got = from<"n">(numbers(7))
                 .map_batch<"n", "m">(3,
                                      [&](std::span<const int> n) {
                                        sizes.push_back(n.size());
                                        return std::vector<int>(n.rbegin(), n.rend());
                                      })
                 .collect();
  EXPECT_THAT(sizes, ElementsAre(3, 3, 1));
  using Row = std::tuple<int, int>;
  EXPECT_THAT(got->rows,
              ElementsAre(Row(0, 2), Row(1, 1), Row(2, 0), Row(3, 5), Row(4, 4), Row(5, 3), Row(6, 6)))
      << "the inputs are back in their rows";
}

TEST(MapBatch, SeveralInputsSideBySide) {
  auto got = from<"id", "path">(Pairs{{1, "a"}, {2, "bb"}})
                 .map_batch<"path", "id", "n">(
                     2,
                     [](std::span<const std::string> paths, std::span<const int> ids) {
                       return std::vector<size_t>{paths[0].size() + ids[1], paths[1].size() + ids[0]};
                     })
                 .collect<"n">();
  EXPECT_THAT(got->rows, ElementsAre(3, 3));
}

TEST(FlatMap, ARowForEachElement) {
  auto got = from<"id", "path">(Pairs{{2, "ab"}, {0, "none"}, {1, "c"}})
                 .flat_map<"id", "copy">([](int id) { return numbers(id); })
                 .collect<"path", "copy">();
  EXPECT_THAT(got->rows, ElementsAre(std::tuple("ab", 0), std::tuple("ab", 1), std::tuple("c", 0)));
  EXPECT_EQ(got->report.stages[1].rows_in, 3u);
  EXPECT_EQ(got->report.stages[1].rows_out, 3u);
}

TEST(Filter, KeepsTheRowsForWhichItIsTrue) {
  auto got = from<"n">(numbers(6)).filter<"n">([](int n) { return n % 2 == 0; }).collect<"n">();
  EXPECT_THAT(got->rows, ElementsAre(0, 2, 4));
  EXPECT_EQ(got->report.failed, 0u) << "a row that is filtered out has not failed";
}

// The windows as lists of numbers, by the definition.
std::vector<std::vector<int>> slow_windows(int rows, int size, int step) {
  std::vector<std::vector<int>> windows;
  for (int begin = 0; begin < rows; begin += step) {
    windows.emplace_back();
    for (int i = begin; i < std::min(rows, begin + size); ++i) windows.back().push_back(i);
  }
  return windows;
}

TEST(Window, IsWhatTheDefinitionSays) {
  for (int rows : {0, 1, 5, 12})
    for (int size : {1, 3, 4})
      for (int step : {1, 2, 3, 5}) {
        auto got =
            from<"n">(numbers(rows))
                .window<"n", "w">(size, step,
                                  [](std::span<const int> n) { return std::vector<int>(n.begin(), n.end()); })
                .collect();
        const auto want = slow_windows(rows, size, step);
        ASSERT_EQ(got->rows.size(), want.size()) << rows << " " << size << " " << step;
        for (size_t i = 0; i < want.size(); ++i) {
          EXPECT_EQ(std::get<1>(got->rows[i]), want[i]);
          EXPECT_EQ(std::get<0>(got->rows[i]), want[i][0]) << "the row is the window's first";
        }
      }
}

TEST(Window, OfBatchesSums) {
  const auto got = from<"n">(numbers(7)).window<"n", "s">(3, 3, sum).collect<"s">();
  EXPECT_THAT(got->rows, ElementsAre(3, 12, 6));
}

TEST(Concat, RowsOfTheFirstThenOfTheSecond) {
  auto got = from<"n">({1, 2})
                 .parallel(2)
                 .map<"n", "n">([](int n) { return n * 10; })
                 .concat(from<"n">({3}).prefetch(1));
  EXPECT_THAT(std::move(got).collect<"n">()->rows, ElementsAre(10, 20, 3));
}

TEST(Select, KeepsTheseInThisOrder) {
  auto got = from<"id", "path">(Pairs{{1, "a"}}).map<"path", "n">(length).select<"n", "id">().collect();
  static_assert(std::is_same_v<decltype(got->rows)::value_type, std::tuple<size_t, int>>);
  EXPECT_THAT(got->rows, ElementsAre(std::tuple(1u, 1)));
}

TEST(Get, IsTheValueOfTheOneRow) {
  const auto four = one<"text">(std::string("four")).map<"text", "n">(length).get<"n">();
  EXPECT_EQ(*four, 4u);
  EXPECT_EQ(from<"n">({1, 2}).get<"n">().error().message(),
            "get is for a pipeline of one row; this one has more");
  EXPECT_EQ(from<"n">(numbers(0)).get<"n">().error().message(),
            "get is for a pipeline of one row; this one has none");
}

TEST(ForEach, GetsTheValuesInOrder) {
  std::vector<std::pair<std::string, int>> seen;
  const auto report =
      from<"id", "path">(Pairs{{1, "a"}, {2, "b"}}).for_each<"path", "id">([&](std::string path, int id) {
        seen.emplace_back(std::move(path), id);
      });
  EXPECT_THAT(seen, ElementsAre(Pair("a", 1), Pair("b", 2)));
  EXPECT_EQ(report->rows, 2u);
}

// Writes down what it gets, and refuses negative numbers row by row.
struct Ledger {
  std::vector<std::vector<int>> batches;
  size_t batch_size() const { return 3; }
  std::vector<Result<void>> operator()(std::span<const int> values) {
    batches.emplace_back(values.begin(), values.end());
    std::vector<Result<void>> answers(values.size());
    for (size_t i = 0; i < values.size(); ++i)
      if (values[i] < 0) answers[i] = Error(ErrorKind::invalid_argument, "negative");
    return answers;
  }
};

TEST(Into, FillsBatchesAndFlushesTheRest) {
  Ledger ledger;
  const auto report = from<"n">(numbers(7)).into<"n">(ledger);
  EXPECT_THAT(ledger.batches, ElementsAre(ElementsAre(0, 1, 2), ElementsAre(3, 4, 5), ElementsAre(6)));
  EXPECT_EQ(report->rows, 7u);
}

TEST(Into, RowsThatTheSinkRefusesAreFailures) {
  Ledger ledger;
  const auto report = from<"n">({1, -2, 3, 4}).on_error(OnError::skip).into<"n">(ledger);
  EXPECT_EQ(report->rows, 3u);
  EXPECT_EQ(report->failed, 1u);
  EXPECT_EQ(report->failures.at(0).row, 1u);
  EXPECT_EQ(report->failures.at(0).stage, "into n");
}

}  // namespace
}  // namespace elanus::pipeline
