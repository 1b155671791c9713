#include "index/lists.h"

#include <gmock/gmock.h>

#include <set>

#include "index/kmeans.h"
#include "index/list_search.h"
#include "index/test_queries.h"

namespace elanus::index {
namespace {

const auto kGoOn = [](uint64_t, uint64_t) { return true; };

OwnedLists gathered(std::span<const Rows> parts, uint32_t lists, const Frame* frame) {
  base::ThreadPool pool(2);
  return gather(parts, {lists, 512, frame}, pool, kGoOn).value();
}

const OwnedLists& picture_lists() {
  static const OwnedLists made = [] {
    const Rows part = pictures().rows();
    return gathered({&part, 1}, 128, part.frame);
  }();
  return made;
}

// The lists by the distance of their centres from a vector, nearest first.
std::vector<uint32_t> nearest_lists(const Lists& lists, std::span<const float> vector) {
  std::vector<std::pair<double, uint32_t>> order;
  for (uint32_t c = 0; c < lists.size(); ++c) {
    double sum = 0;
    for (size_t d = 0; d < lists.dim; ++d) {
      const double apart = double{base::f16_to_f32(lists.centres[c * lists.dim + d])} - double{vector[d]};
      sum += apart * apart;
    }
    order.emplace_back(sum, c);
  }
  std::sort(order.begin(), order.end());
  std::vector<uint32_t> sorted;
  for (const auto& [far, c] : order) sorted.push_back(c);
  return sorted;
}

std::vector<uint32_t> lists_of(const Lists& lists, const Rows& rows) {
  std::vector<uint32_t> homes;
  std::vector<float> row(lists.dim);
  for (size_t i = 0; i < rows.keys.size(); ++i) {
    for (size_t d = 0; d < lists.dim; ++d) row[d] = base::f16_to_f32(rows.values[i * lists.dim + d]);
    homes.push_back(nearest_lists(lists, row)[0]);
  }
  return homes;
}

// FAISS' IndexIVFFlat with METRIC_L2, slow and plain: the nprobe nearest centres, and of the rows nearest to
// those centres (`homes`) the k with the largest dot product.
std::vector<int64_t> ivf_reference(const Lists& lists, const Rows& rows, std::span<const uint32_t> homes,
                                   std::span<const float> query, size_t nprobe, size_t k) {
  const size_t dim = lists.dim;
  const auto order = nearest_lists(lists, query);
  const std::set<uint32_t> probed(order.begin(), order.begin() + static_cast<ptrdiff_t>(nprobe));
  std::vector<std::pair<double, int64_t>> found;
  for (size_t i = 0; i < rows.keys.size(); ++i) {
    const uint16_t* row = rows.values.data() + i * dim;
    if (rows.is_dead(i) || !probed.contains(homes[i])) continue;
    double sum = 0;
    for (size_t d = 0; d < dim; ++d) sum += double{base::f16_to_f32(row[d])} * double{query[d]};
    found.emplace_back(-sum, rows.keys[i]);
  }
  std::sort(found.begin(), found.end());
  std::vector<int64_t> best;
  for (const auto& [score, key] : found)
    if (best.size() < k) best.push_back(key);
  return best;
}

struct Outcome {
  double recall = 0, looked = 0;
};
using Truths = std::vector<std::vector<int64_t>>;

Truths truths_of(std::span<const Rows> parts, std::span<const float> queries) {
  Truths truths;
  for (size_t q = 0; q < queries.size() / 512; ++q)
    truths.push_back(keys(search_flat(parts, queries.subspan(q * 512, 512), 10, nullptr)));
  return truths;
}

Outcome outcome(const Lists& lists, std::span<const Rows> parts, std::span<const float> queries,
                const Truths& truths, float sigmas, float missing) {
  Outcome total;
  const auto answers = search(parts, queries, 512, {10, sigmas, nullptr, &lists, missing});
  for (size_t q = 0; q < answers.size(); ++q) {
    total.recall += recall_at_k(truths[q], keys(answers[q].best), 10) / static_cast<double>(answers.size());
    total.looked +=
        static_cast<double>(answers[q].lists) / static_cast<double>(answers.size() * lists.size());
  }
  return total;
}

// From both sides: better, or more lists left out, is also a change that somebody should know of. 20,000
// pictures like CLIP's in 128 lists, as measured on 21 November 2026.
TEST(Lists, FindWhatTheyPromise) {
  const Rows part = pictures().rows();
  const Lists lists = picture_lists().view(512, part.frame);
  for (const bool are_texts : {true, false}) {
    const auto queries = are_texts ? texts() : other_pictures();
    const Truths truths = truths_of({&part, 1}, queries);
    const Outcome fast = outcome(lists, {&part, 1}, queries, truths, 2, 0.03f),
                  balanced = outcome(lists, {&part, 1}, queries, truths, 3, 0.001f);
    EXPECT_NEAR(fast.recall, 0.985, 0.012);
    EXPECT_GE(balanced.recall, 0.997);
    EXPECT_GT(balanced.looked, fast.looked);
    EXPECT_LT(fast.looked, 0.5);
    if (!are_texts) continue;
    const Outcome few = outcome(lists, {&part, 1}, queries, truths, 3, 0.3f);
    EXPECT_NEAR(few.recall, 0.95, 0.04);
    EXPECT_LT(few.looked, 0.2);
  }
}

TEST(Lists, EachLivingRowIsInOne) {
  TestRows rows(512, pictures().values().first(3000 * 512));
  rows.code(pictures().frame());
  for (size_t row = 0; row < 3000; row += 3) rows.kill(row);
  TestRows more(512, pictures().values().subspan(3000 * 512, 100 * 512));
  const std::vector<Rows> parts{rows.rows(), more.rows()};
  for (const Frame* frame : {static_cast<const Frame*>(nullptr), parts[0].frame}) {
    const OwnedLists owned = gathered(parts, 40, frame);
    const Lists lists = owned.view(512, frame);
    std::multiset<uint32_t> seen;
    for (uint32_t list = 0; list < lists.size(); ++list)
      for (const uint32_t number : lists.rows(list))
        if (number != kNoRow) seen.insert(number);
    EXPECT_EQ(seen.size(), 2100u);
    for (uint32_t row = 0; row < 3100; ++row)
      EXPECT_EQ(seen.count(row), row < 3000 && row % 3 == 0 ? 0u : 1u);
    RowPlace place{};
    EXPECT_TRUE(find_row(lists, parts, 3001, place));
    EXPECT_EQ(std::pair(place.part, place.row), std::pair(1u, 1u));
    EXPECT_FALSE(find_row(lists, parts, 3, place)) << "dead";
    EXPECT_FALSE(find_row(lists, parts, 3100, place));
    EXPECT_FALSE(find_row(lists, parts, kNoRow, place));
  }
}

TEST(Lists, NearestOnesGiveWhatFaissDefines) {
  TestRows rows(512, pictures().values().first(1500 * 512));
  rows.learn();
  for (size_t row = 0; row < 1500; row += 5) rows.kill(row);
  const Rows part = rows.rows();
  const OwnedLists owned = gathered({&part, 1}, 24, nullptr);
  const Lists lists = owned.view(512, nullptr);
  const auto queries = texts(6);
  const auto homes = lists_of(lists, part);
  for (const uint32_t nprobe : {1u, 4u, 24u}) {
    const auto answers = search({&part, 1}, queries, 512, {10, 3, nullptr, &lists, 0, 1, nprobe});
    for (size_t q = 0; q < 6; ++q) {
      EXPECT_EQ(keys(answers[q].best),
                ivf_reference(lists, part, homes, std::span(queries).subspan(q * 512, 512), nprobe, 10));
      EXPECT_EQ(answers[q].lists, nprobe);
    }
  }
  const auto many = search({&part, 1}, queries, 512, {1200, 3, nullptr, &lists, 0, 1, 1});
  EXPECT_EQ(many[0].best.size(), 1200u) << "never cut short: further lists are looked into";
}

TEST(Lists, LaterPartsAreSearchedToo) {
  TestRows later(
      512, 700, [](size_t i, std::span<float> out) { clip().picture(50'000 + i, out); }, 50'000);
  later.learn();
  const std::vector<Rows> parts{pictures().rows(), later.rows()};
  const Lists lists = picture_lists().view(512, parts[0].frame);
  const auto queries = texts();
  EXPECT_GE(outcome(lists, parts, queries, truths_of(parts, queries), 3, 0.001f).recall, 0.997);
  const auto query = queries_of(512, 1, [](size_t, std::span<float> out) { clip().picture(50'017, out); });
  EXPECT_EQ(search(parts, query, 512, {1, 3, nullptr, &lists})[0].best.at(0).key, 50'017);
  base::ThreadPool pool(3);
  const auto alone = search(parts, queries, 512, {10, 6, nullptr, &lists, 0}),
             together = search(parts, queries, 512, {10, 6, &pool, &lists, 0});
  for (size_t q = 0; q < alone.size(); ++q) {
    EXPECT_TRUE(alone[q].best == together[q].best);
    EXPECT_TRUE(alone[q].best == search_flat(parts, std::span(queries).subspan(q * 512, 512), 10, nullptr))
        << "nothing may be missing, nothing is";
  }
}

TEST(Lists, DamagedOnesAreNotUsed) {
  class Guard final : public ListGuard {
   public:
    bool sound(uint32_t list) const override { return list != 5; }
  } const guard;
  const Rows part = pictures().rows();
  Lists lists = picture_lists().view(512, part.frame);
  std::set<int64_t> lost;
  for (const uint32_t number : lists.rows(5))
    if (number != kNoRow) lost.insert(number);
  lists.guard = &guard;
  for (const Answer& answer : search({&part, 1}, texts(), 512, {10, 3, nullptr, &lists}))
    for (const int64_t key : keys(answer.best)) EXPECT_FALSE(lost.contains(key));
}

TEST(Lists, RefusesWhatIsNoPlan) {
  const Rows part = pictures().rows();
  base::ThreadPool pool(1);
  for (const uint32_t lists : {0u, 20'001u, 65'537u})
    EXPECT_EQ(gather({&part, 1}, {lists, 512, nullptr}, pool, kGoOn).error().kind(),
              ErrorKind::invalid_argument);
  EXPECT_EQ(
      gather({&part, 1}, {16, 512, nullptr}, pool, [](uint64_t, uint64_t) { return false; }).error().kind(),
      ErrorKind::cancelled);
}

TEST(Lists, VectorsThatAreAllTheSame) {
  TestRows rows(512, 300, [](size_t, std::span<float> out) { clip().picture(1, out); });
  rows.learn();
  const Rows part = rows.rows();
  const OwnedLists owned = gathered({&part, 1}, 16, part.frame);
  const Lists lists = owned.view(512, part.frame);
  const auto best = search({&part, 1}, texts(1), 512, {5, 3, nullptr, &lists})[0].best;
  EXPECT_THAT(keys(best), testing::ElementsAre(0, 1, 2, 3, 4));
}

// Rows beside another centre than the nearest are not found by queries that look near them, which costs
// pictures that are asked for with pictures most.
TEST(Lists, EachRowIsBesideTheNearestOfManyCentres) {
  const Rows part = pictures().rows();
  const OwnedLists owned = gathered({&part, 1}, 4096, part.frame);
  const Lists lists = owned.view(512, part.frame);
  std::vector<uint32_t> home(part.keys.size());
  for (uint32_t list = 0; list < lists.size(); ++list)
    for (const uint32_t number : lists.rows(list))
      if (number != kNoRow) home[number] = list;
  base::ThreadPool pool(2);
  std::vector<NearestCentre::Found> nearest(home.size());
  ASSERT_TRUE(NearestCentre::prepare(owned.centres, 512, Nearness::exact, pool)
                  ->find([&](size_t i) { return part.values.data() + i * 512; }, home.size(), nearest,
                         [](size_t) { return true; })
                  .ok());
  size_t elsewhere = 0;
  for (size_t row = 0; row < home.size(); ++row) elsewhere += home[row] != nearest[row].centre;
  EXPECT_LE(elsewhere * 500, home.size());
}

// Compared with some of the centres only: nearly always with the nearest, and never far from it.
TEST(NearestCentre, QuickAndCloseAreNearlyExact) {
  base::ThreadPool pool(2);
  const auto row = [](size_t i) { return pictures().values().data() + i * 512; };
  const auto centres =
      train_centres(row, 5000, 400, 512, 2, Nearness::exact, pool, [](int) { return true; }).value();
  std::vector<NearestCentre::Found> exact(2000), quick(2000), close(2000);
  const auto find = [&](Nearness nearness, std::span<NearestCentre::Found> found) {
    ASSERT_TRUE(NearestCentre::prepare(centres, 512, nearness, pool)
                    ->find(row, found.size(), found, [](size_t) { return true; })
                    .ok());
  };
  find(Nearness::exact, exact);
  find(Nearness::quick, quick);
  find(Nearness::close, close);
  size_t same = 0, close_same = 0;
  for (size_t i = 0; i < 2000; ++i) {
    same += exact[i].centre == quick[i].centre;
    close_same += exact[i].centre == close[i].centre;
    EXPECT_GE(quick[i].square, exact[i].square - 1e-4f);
    EXPECT_LT(quick[i].square, exact[i].square * 1.5f + 1e-4f);
  }
  EXPECT_GT(same, 1900u);
  EXPECT_GT(close_same, 1990u);
}

}  // namespace
}  // namespace elanus::index
