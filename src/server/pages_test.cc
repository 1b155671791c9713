#include "server/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "store/memory_collection.h"

namespace elanus::server {
namespace {

class PagesTest : public testing::Test {
 protected:
  // A picture at this angle (in hundredths) from the query.
  void add(int64_t id, int angle) {
    const std::vector<float> vector{std::cos(static_cast<float>(angle) / 100),
                                    std::sin(static_cast<float>(angle) / 100)};
    store::Item item;
    item.id = id;
    item.vector = vector;
    item.picture.path = std::to_string(id) + (id % 2 ? ".jpg" : ".png");
    ASSERT_TRUE(collection_->upsert({&item, 1}).ok());
  }
  static Query query(Pairs parameters) { return {parse_search(parameters).value(), {1, 0}}; }
  Page page(Pairs parameters) {
    const Query one = query(std::move(parameters));
    return find_pages(*collection_, {&one, 1}).value().front();
  }
  static std::vector<int64_t> ids(const Page& page) {
    std::vector<int64_t> ids;
    for (const auto& hit : page.hits) ids.push_back(hit.id);
    return ids;
  }

  std::unique_ptr<store::MemoryCollection> collection_ =
      store::MemoryCollection::create({.dim = 2, .metric = {}, .model = {}}).value();
};

TEST_F(PagesTest, HitsThatComeBeforeTheCursorDoNotEndThePagesEarly) {
  for (int i = 1; i <= 6; ++i) add(i, 10 * i);
  const Page first = page({{"k", "2"}});
  EXPECT_EQ(ids(first), (std::vector<int64_t>{1, 2}));
  for (int i = 11; i <= 13; ++i) add(i, i - 10);
  std::vector<int64_t> rest;
  for (auto next = first.next; next;) {
    const Page more = page({{"k", "2"}, {"cursor", next->text()}});
    for (const int64_t id : ids(more)) rest.push_back(id);
    next = more.next;
  }
  EXPECT_EQ(rest, (std::vector<int64_t>{3, 4, 5, 6}));
}

TEST_F(PagesTest, TheEndIsTheEnd) {
  for (int i = 1; i <= 4; ++i) add(i, 10 * i);
  EXPECT_FALSE(page({{"k", "4"}}).next);
  EXPECT_TRUE(page({{"k", "3"}}).next);
  EXPECT_FALSE(page({{"k", "2"}, {"min", "0.97"}}).next) << "the third is not similar enough";
  EXPECT_EQ(page({{"k", "2"}, {"min", "2e-1"}}).hits.size(), 2u);
}

TEST_F(PagesTest, ManyAreAnsweredLikeOneByOne) {
  for (int i = 1; i <= 9; ++i) add(i, 10 * i);
  std::vector<Query> queries{
      query({{"k", "3"}}), query({{"k", "3"}, {"type", "png"}}),  query({{"k", "3"}}),
      query({{"k", "2"}}), query({{"k", "2"}, {"sort", "name"}}), query({{"k", "3"}, {"type", "jpg"}})};
  queries[2].vector = {0, 1};
  const auto pages = find_pages(*collection_, queries).value();
  ASSERT_EQ(pages.size(), queries.size());
  for (size_t i = 0; i < queries.size(); ++i)
    EXPECT_EQ(ids(pages[i]), ids(find_pages(*collection_, {&queries[i], 1}).value().front())) << i;
  EXPECT_EQ(ids(pages[1]), (std::vector<int64_t>{2, 4, 6}));
  EXPECT_EQ(ids(pages[2]), (std::vector<int64_t>{9, 8, 7}));
}

}  // namespace
}  // namespace elanus::server
