#include "index/search.h"

#include <gmock/gmock.h>

#include "index/test_queries.h"

namespace elanus::index {
namespace {

// A frame for each part, a part without codes, dead rows: the answer does not depend on how the rows are cut.
TEST(Search, PartsOfAllKindsTogether) {
  std::vector<std::unique_ptr<TestRows>> parts;
  for (const size_t n : {5000u, 33u, 2048u, 700u}) {
    const auto first = static_cast<int64_t>(parts.size()) * 100'000;
    parts.push_back(std::make_unique<TestRows>(
        512, n, [&](size_t i, std::span<float> out) { clip().picture(static_cast<size_t>(first) + i, out); },
        first));
    if (n != 33) parts.back()->learn();
  }
  for (size_t row = 0; row < 2048; ++row)
    if (row % 100 != 0) parts[2]->kill(row);
  for (size_t row = 0; row < 5000; row += 3) parts[0]->kill(row);
  std::vector<Rows> rows;
  for (const auto& part : parts) rows.push_back(part->rows());
  EXPECT_GE(quality(rows, texts(), 512, 3).recall, 0.998);
  base::ThreadPool pool(3);
  const auto alone = search(rows, texts(), 512, {10, 6, nullptr}),
             together = search(rows, texts(), 512, {10, 6, &pool});
  const auto queries = texts();
  for (size_t q = 0; q < kQueries; ++q) {
    const auto exact = search_flat(rows, std::span(queries).subspan(q * 512, 512), 10, nullptr);
    EXPECT_TRUE(alone[q].best == exact)
        << "six deviations are never missed, and scores are those of search_flat";
    EXPECT_TRUE(together[q].best == exact);
  }
}

TEST(Search, FewLivingRowsAreAllCompared) {
  TestRows rows(512, pictures().values());
  rows.code(pictures().frame());
  for (size_t row = 0; row < rows.size(); ++row)
    if (row % 200 != 0) rows.kill(row);
  const Rows part = rows.rows();
  const auto queries = texts(20);
  const auto answers = search({&part, 1}, queries, 512, {10, 2, nullptr});
  for (size_t q = 0; q < 20; ++q) {
    EXPECT_EQ(answers[q].compared, 100u);
    EXPECT_TRUE(answers[q].best ==
                search_flat({&part, 1}, std::span(queries).subspan(q * 512, 512), 10, nullptr));
  }
}

TEST(Search, ManyWantedAndFewThere) {
  TestRows rows(512, 50, [](size_t i, std::span<float> out) { clip().picture(i, out); });
  rows.learn();
  const Rows part = rows.rows();
  for (const size_t k : {0u, 1u, 49u, 50u, 51u, 16384u}) {
    const auto best = search({&part, 1}, texts(1), 512, {k, 3, nullptr})[0].best;
    EXPECT_EQ(best.size(), std::min<size_t>(k, 50));
    EXPECT_TRUE(std::is_sorted(best.begin(), best.end(), better));
  }
  EXPECT_TRUE(search({}, texts(1), 512, {10, 3, nullptr})[0].best.empty());
  EXPECT_TRUE(search({&part, 1}, {}, 512, {10, 3, nullptr}).empty());
}

TEST(Search, EqualRowsGoByKey) {
  TestRows rows(512, 5000, [](size_t i, std::span<float> out) { clip().picture(i < 4000 ? i : 17, out); });
  rows.learn();
  const Rows part = rows.rows();
  const auto query = queries_of(512, 1, [](size_t, std::span<float> out) { clip().picture(17, out); });
  EXPECT_THAT(keys(search({&part, 1}, query, 512, {5, 3, nullptr})[0].best),
              testing::ElementsAre(17, 4000, 4001, 4002, 4003));
  TestRows same(512, 3000, [](size_t, std::span<float> out) { clip().picture(1, out); });
  same.learn();
  const Rows all = same.rows();
  EXPECT_THAT(keys(search({&all, 1}, query, 512, {3, 3, nullptr})[0].best), testing::ElementsAre(0, 1, 2));
}

// Damaged rows are passed over, asked about before they are used.
TEST(Search, DamagedRowsAreNotUsed) {
  class Guard final : public RowGuard {
   public:
    bool sound(uint32_t begin, uint32_t end) const override { return begin > 17 || end <= 17; }
  } const guard;
  Rows part = pictures().rows();
  part.guard = &guard;
  const auto query = queries_of(512, 1, [](size_t, std::span<float> out) { clip().picture(17, out); });
  const auto best = keys(search({&part, 1}, query, 512, {5, 3, nullptr})[0].best);
  EXPECT_EQ(best.size(), 5u);
  EXPECT_THAT(best, testing::Not(testing::Contains(17)));
  EXPECT_EQ(best, keys(search_flat({&part, 1}, query, 5, nullptr)));
}

}  // namespace
}  // namespace elanus::index
