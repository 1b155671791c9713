// What every Collection promises about filters; beside store/contract.h.
#pragma once
#include "store/contract.h"
#include "store/test_filters.h"

namespace elanus::store {

class FilterContract : public CollectionContract {
 protected:
  // Records 0 to n - 1, in batches; their pictures are kept for the oracle.
  void fill(int n, const std::function<Picture(int)>& make) {
    std::mt19937_64 random(5);
    for (int first = 0; first < n; first += 500) {
      std::vector<std::vector<float>> vectors;
      std::vector<Item> items;
      for (int i = first; i < std::min(n, first + 500); ++i) vectors.push_back(random_vector(random, 4));
      for (int i = first; i < std::min(n, first + 500); ++i) {
        pictures_[i] = make(i);
        items.push_back({i, vectors[static_cast<size_t>(i - first)], pictures_[i]});
      }
      const auto ids = collection().upsert(items);
      ASSERT_TRUE(ids.ok()) << ids.error().message();
    }
  }

  // The ids of all records, best first.
  std::vector<int64_t> ranking() {
    const auto everything = collection().search(query_, {kAll, {}});
    EXPECT_TRUE(everything.ok()) << everything.error().message();
    std::vector<int64_t> ids;
    if (everything.ok())
      for (const Hit& hit : *everything) ids.push_back(hit.id);
    return ids;
  }

  // The hits are the best of those that match, and all of them when they are fewer than the limit.
  void expect_exact(const std::vector<int64_t>& ranking, const Filter& filter, uint32_t limit) {
    const auto hits = collection().search(query_, {limit, filter});
    ASSERT_TRUE(hits.ok()) << hits.error().message();
    std::vector<int64_t> expected, found;
    for (const int64_t id : ranking)
      if (matches(filter, id, pictures_.at(id)) && expected.size() < limit) expected.push_back(id);
    for (const Hit& hit : *hits) {
      found.push_back(hit.id);
      EXPECT_EQ(hit.picture, pictures_.at(hit.id));
    }
    EXPECT_EQ(found, expected);
  }

  void expect_exact(const Filter& filter, uint32_t limit) { expect_exact(ranking(), filter, limit); }

  static constexpr uint32_t kAll = 16384;
  const std::vector<float> query_{1, -2, 0.5f, 3};
  std::map<int64_t, Picture> pictures_;
};

TEST_P(FilterContract, IsExactForEverySelectivity) {
  constexpr int kRecords = 3000;
  fill(kRecords, [](int i) {
    Picture picture = picture_at("/p/" + std::to_string(i) + ".jpg");
    picture.width = static_cast<uint32_t>(1 + (i * 7919) % kRecords);
    return picture;
  });
  const auto ranked = ranking();
  for (const int kept : {0, 1, 2, 3, 30, 300, 1500, 2999, kRecords})
    for (const uint32_t limit : {1u, 10u, kAll}) {
      expect_exact(ranked, {NumberIs{NumberField::width, Comparison::le, kept}}, limit);
      if (HasFailure()) FAIL() << kept << " kept, the best " << limit;
    }
}

TEST_P(FilterContract, RandomFiltersMeanWhatMatchesSays) {
  RandomFilters filters(1);
  fill(60, [&](int i) { return filters.picture(i); });
  const auto ranked = ranking();
  for (int i = 0; i < 2000; ++i) {
    const Filter filter = filters.filter(3);
    expect_exact(ranked, filter, i % 2 == 0 ? kAll : 3);
    if (HasFailure()) FAIL() << "filter " << i;
  }
}

TEST_P(FilterContract, SeesWhatWasUpdatedReplacedAndErased) {
  fill(3, [](int i) { return picture_at(std::to_string(i)); });
  const Filter dogs{TextIs{TextField::label, TextMatch::equal, "dog"}};
  expect_exact(dogs, 5);
  pictures_[1].label = "dog";
  ASSERT_TRUE(collection().update(std::vector<Record>{{1, pictures_[1]}}).ok());
  expect_exact(dogs, 5);
  pictures_[2].label = "dog";
  const std::vector<float> vector{1, 1, 1, 1};
  ASSERT_TRUE(collection().upsert(std::vector<Item>{{2, vector, pictures_[2]}}).ok());
  expect_exact(dogs, 5);
  ASSERT_TRUE(collection().erase(std::vector<int64_t>{1}).ok());
  pictures_.erase(1);
  expect_exact(dogs, 5);
  store_->reopen();
  expect_exact(dogs, 5);
}

TEST_P(FilterContract, ManyAlternativesAndManyIds) {
  fill(50, [](int i) { return picture_at(std::to_string(i)); });
  AnyOf any;
  for (int i = 0; i < 4000; ++i)
    any.of.push_back({TextIs{TextField::path, TextMatch::equal, std::to_string(i * 9)}});
  expect_exact({any}, kAll);
  IdIn in;
  for (int64_t id = 0; id < 100'000; ++id) in.ids.push_back(100'000 - id);
  expect_exact({in}, kAll);
  Filter deep{TextIs{TextField::path, TextMatch::equal, "7"}};
  for (size_t i = 1; i < kMaxFilterDepth; ++i) deep = {NoneOf{{std::move(deep)}}};
  expect_exact(deep, kAll);
}

TEST_P(FilterContract, RefusesWhatIsTooLargeOrSenseless) {
  added("a", {1, 0, 0, 0});
  const auto refused = [&](const Filter& filter, const std::string& words) {
    expect_refused(collection().search(std::vector<float>{1, 0, 0, 0}, {5, filter}),
                   ErrorKind::invalid_argument, words);
  };
  refused({AnyOf{std::vector<Filter>(kMaxFilterNodes)}}, "more than 4096 parts");
  Filter deep;
  for (size_t i = 0; i <= kMaxFilterDepth; ++i) deep = {NoneOf{{std::move(deep)}}};
  refused(deep, "deeper than 32 levels");
  refused({TextIs{TextField::label, TextMatch::glob, std::string(kMaxFilterText + 1, 'x')}}, "65537 bytes");
  refused({AttributeIs{"n", Comparison::lt, std::nan("")}}, "attributes.n with a number that is NaN");
  refused({AttributeIs{"n", Comparison::lt, true}}, "truth value");
}

}  // namespace elanus::store
