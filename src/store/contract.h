// What every Collection promises, as tests. A store's test file says how its collections are made:
//
//   INSTANTIATE_TEST_SUITE_P(Memory, CollectionContract, testing::Values(StoreFactory{"memory",
//   make_memory}));
//
// and the same for FilterContract (store/filter_contract.h).
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/f16.h"
#include "store/collection.h"

namespace elanus::store {

// A collection under test, and the life around it.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  virtual Collection& collection() = 0;
  // Closes and opens a durable store; does nothing to one that lives in memory only.
  virtual void reopen() = 0;
};

struct StoreFactory {
  std::string name;
  std::function<std::unique_ptr<StoreUnderTest>(const Schema&)> make;
};
inline void PrintTo(const StoreFactory& factory, std::ostream* out) { *out << factory.name; }

// Vectors and records that tests write down in a line.
inline std::vector<float> random_vector(std::mt19937_64& random, uint32_t dim) {
  std::normal_distribution<float> normal;
  std::vector<float> vector(dim);
  for (float& value : vector) value = normal(random);
  return vector;
}

inline Picture picture_at(std::string path) {
  Picture picture;
  picture.path = std::move(path);
  return picture;
}

class CollectionContract : public testing::TestWithParam<StoreFactory> {
 protected:
  void SetUp() override { open(4); }
  void open(uint32_t dim) { store_ = GetParam().make({dim, Metric::cosine, {"model", "abc"}}); }
  Collection& collection() { return store_->collection(); }

  Result<std::vector<int64_t>> upsert(const std::string& path, std::vector<float> vector,
                                      std::optional<int64_t> id = std::nullopt) {
    return collection().upsert(std::vector<Item>{{id, vector, picture_at(path)}});
  }
  int64_t added(const std::string& path, std::vector<float> vector,
                std::optional<int64_t> id = std::nullopt) {
    const auto ids = upsert(path, std::move(vector), id);
    EXPECT_TRUE(ids.ok()) << ids.error().message();
    return ids.ok() ? ids->at(0) : -1;
  }
  std::vector<int64_t> found(const std::vector<float>& query, uint32_t limit = 10) {
    std::vector<int64_t> ids;
    const auto hits = collection().search(query, {limit});
    EXPECT_TRUE(hits.ok()) << hits.error().message();
    if (hits.ok())
      for (const Hit& hit : *hits) ids.push_back(hit.id);
    return ids;
  }
  template <class T>
  static void expect_refused(const Result<T>& result, ErrorKind kind, const std::string& words) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().kind(), kind) << result.error().message();
    EXPECT_THAT(result.error().message(), testing::HasSubstr(words));
  }

  std::unique_ptr<StoreUnderTest> store_;
};

TEST_P(CollectionContract, EmptyAnswersEverything) {
  EXPECT_EQ(collection().count().value(), 0u);
  EXPECT_THAT(found({1, 0, 0, 0}), testing::IsEmpty());
  EXPECT_FALSE(collection().find_by_path("a").value());
  EXPECT_TRUE(collection().find_by_content("00").value().empty());
  EXPECT_EQ(collection().erase(std::vector<int64_t>{1}).value(), 0u);
  EXPECT_TRUE(collection().upsert({}).value().empty());
  EXPECT_TRUE(collection().update({}).ok());
  expect_refused(collection().get(7), ErrorKind::not_found, "7");
  expect_refused(collection().vector(7), ErrorKind::not_found, "7");
}

TEST_P(CollectionContract, KeepsItsSchema) {
  store_->reopen();
  EXPECT_EQ(collection().schema().dim, 4u);
  EXPECT_EQ(collection().schema().metric, Metric::cosine);
  EXPECT_EQ(collection().schema().model, (ModelId{"model", "abc"}));
}

TEST_P(CollectionContract, KeepsEveryFieldOfAPicture) {
  const Picture picture{std::string("\xff odd\n\0name", 11),
                        "/root \xfe",
                        1LL << 40,
                        -1,
                        "00ff",
                        3000,
                        2000,
                        "a label, \"quoted\" \xc3\xa9",
                        R"({"b":[1,2]})",
                        -86'400,
                        "Canon EOS 5D"};
  const std::vector<float> vector{1, 2, 3, 4};
  const int64_t id = collection().upsert(std::vector<Item>{{std::nullopt, vector, picture}}).value().at(0);
  store_->reopen();
  EXPECT_EQ(collection().get(id).value().picture, picture);
  EXPECT_EQ(collection().find_by_path(picture.path).value().value().id, id);
  EXPECT_EQ(collection().find_by_content("00ff").value().at(0).picture, picture);
  EXPECT_EQ(collection().search(vector, {1}).value().at(0).picture, picture);
}

TEST_P(CollectionContract, StoresVectorsAtLengthOne) {
  const int64_t id = added("a", {3e37f, 0, 0, 4e37f});
  EXPECT_THAT(collection().vector(id).value(),
              testing::Pointwise(testing::FloatNear(5e-4f), {0.6f, 0.f, 0.f, 0.8f}));
  const int64_t tiny = added("b", {0, 1e-45f, 0, 0});
  EXPECT_THAT(collection().vector(tiny).value(), testing::ElementsAre(0, 1, 0, 0));
}

TEST_P(CollectionContract, GivesOutIdsAboveTheHighest) {
  EXPECT_EQ(added("a", {1, 0, 0, 0}), 1);
  EXPECT_EQ(added("b", {1, 0, 0, 0}, 10), 10);
  EXPECT_EQ(added("c", {1, 0, 0, 0}), 11);
  EXPECT_EQ(added("a", {0, 1, 0, 0}), 1) << "a known path keeps its id";
  const std::vector<float> v{1, 1, 0, 0};
  EXPECT_THAT(collection()
                  .upsert(std::vector<Item>{{std::nullopt, v, picture_at("d")},
                                            {20, v, picture_at("e")},
                                            {std::nullopt, v, picture_at("f")},
                                            {-5, v, picture_at("g")}})
                  .value(),
              testing::ElementsAre(21, 20, 22, -5));
  EXPECT_EQ(added("top", v, std::numeric_limits<int64_t>::max()), std::numeric_limits<int64_t>::max());
  expect_refused(upsert("more", v), ErrorKind::invalid_argument, "no id is left");
}

TEST_P(CollectionContract, UpsertReplaces) {
  added("a", {1, 0, 0, 0}, 5);
  added("b", {0, 1, 0, 0}, 6);
  EXPECT_EQ(added("a2", {0, 0, 1, 0}, 5), 5);
  EXPECT_EQ(collection().count().value(), 2u);
  EXPECT_EQ(collection().get(5).value().picture.path, "a2");
  EXPECT_FALSE(collection().find_by_path("a").value());
  EXPECT_THAT(found({0, 0, 1, 0}, 1), testing::ElementsAre(5));
  EXPECT_NEAR(collection().search(std::vector<float>{1, 0, 0, 0}, {1}).value().at(0).cosine, 0, 1e-6);
}

TEST_P(CollectionContract, RefusesBadItemsAndNamesThem) {
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  const std::vector<float> good{1, 0, 0, 0};
  const auto refused = [&](Item bad, const std::string& words) {
    const auto result =
        collection().upsert(std::vector<Item>{{std::nullopt, good, picture_at("good")}, std::move(bad)});
    expect_refused(result, ErrorKind::invalid_argument, words);
    EXPECT_EQ(collection().count().value(), 0u) << "all or none";
  };
  const std::vector<float> shorter{1, 2, 3}, with_nan{0, nan, 0, 0}, with_inf{0, 0, -inf, 0},
      zero{0, 0, 0, 0};
  refused({std::nullopt, shorter, picture_at("bad.jpg")}, "item 1 (bad.jpg): expected 4 values, got 3");
  refused({std::nullopt, with_nan, picture_at("bad.jpg")}, "item 1 (bad.jpg): value 1 is NaN");
  refused({std::nullopt, with_inf, picture_at("bad.jpg")}, "value 2 is infinite");
  refused({std::nullopt, zero, picture_at("bad.jpg")}, "all 4 values are zero");
  refused({std::nullopt, good, picture_at("")}, "the path is empty");
  refused({std::nullopt, good, picture_at("good")}, "the path is there twice");
  Picture odd = picture_at("bad.jpg");
  odd.attributes = "[1]";
  refused({std::nullopt, good, odd}, "not a JSON object");
  expect_refused(
      collection().upsert(std::vector<Item>{{3, good, picture_at("a")}, {3, good, picture_at("b")}}),
      ErrorKind::invalid_argument, "the id 3 is there twice");
}

TEST_P(CollectionContract, RefusesAnIdAndAPathOfTwoRecords) {
  added("a", {1, 0, 0, 0}, 1);
  added("b", {0, 1, 0, 0}, 2);
  expect_refused(upsert("b", {1, 1, 0, 0}, 1), ErrorKind::invalid_argument, "belongs to the record 2");
  expect_refused(upsert("b", {1, 1, 0, 0}, 9), ErrorKind::invalid_argument, "belongs to the record 2");
  const std::vector<float> v{1, 1, 1, 1};
  expect_refused(
      collection().upsert(std::vector<Item>{{1, v, picture_at("c")}, {std::nullopt, v, picture_at("a")}}),
      ErrorKind::invalid_argument, "both the record 1");
  EXPECT_EQ(collection().get(1).value().picture.path, "a");
  EXPECT_EQ(collection().count().value(), 2u);
}

TEST_P(CollectionContract, UpdateKeepsTheVector) {
  added("a", {1, 0, 0, 0}, 1);
  added("b", {0, 1, 0, 0}, 2);
  added("c", {0, 0, 1, 0}, 3);
  Picture moved = picture_at("b");
  moved.label = "was a";
  ASSERT_TRUE(collection().update(std::vector<Record>{{1, moved}, {2, picture_at("a")}}).ok())
      << "paths change hands";
  store_->reopen();
  EXPECT_EQ(collection().get(1).value().picture, moved);
  EXPECT_EQ(collection().find_by_path("a").value().value().id, 2);
  EXPECT_THAT(found({1, 0, 0, 0}, 1), testing::ElementsAre(1));

  const auto update = [&](std::vector<Record> records) { return collection().update(records); };
  expect_refused(update({{1, picture_at("x")}, {99, picture_at("y")}}), ErrorKind::not_found, "99");
  expect_refused(update({{1, picture_at("c")}}), ErrorKind::invalid_argument, "belongs to the record 3");
  expect_refused(update({{1, picture_at("x")}, {1, picture_at("y")}}), ErrorKind::invalid_argument, "twice");
  expect_refused(update({{1, picture_at("x")}, {2, picture_at("x")}}), ErrorKind::invalid_argument, "twice");
  EXPECT_EQ(collection().get(1).value().picture, moved) << "all or none";
}

TEST_P(CollectionContract, EraseRemoves) {
  for (int i = 1; i <= 4; ++i) added(std::to_string(i), {1, static_cast<float>(i), 0, 0}, i);
  EXPECT_EQ(collection().erase(std::vector<int64_t>{2, 99, 2, 4}).value(), 2u);
  store_->reopen();
  EXPECT_EQ(collection().count().value(), 2u);
  EXPECT_THAT(found({1, 1, 0, 0}), testing::UnorderedElementsAre(1, 3));
  EXPECT_FALSE(collection().find_by_path("2").value());
}

// A link to a record that is gone must not show another picture.
TEST_P(CollectionContract, NeverGivesAnIdASecondTime) {
  const auto erase = [&](int64_t id) { EXPECT_EQ(collection().erase(std::vector<int64_t>{id}).value(), 1u); };
  EXPECT_EQ(added("a", {1, 0, 0, 0}), 1);
  erase(1);
  EXPECT_EQ(added("b", {1, 0, 0, 0}), 2) << "the collection was empty";
  erase(2);
  store_->reopen();
  EXPECT_EQ(added("c", {1, 0, 0, 0}), 3) << "also by the next process";
  added("chosen", {1, 0, 0, 0}, 50);
  erase(50);
  erase(3);
  EXPECT_EQ(added("c", {1, 0, 0, 0}), 51);
  store_->reopen();
  erase(51);
  EXPECT_EQ(added("d", {1, 0, 0, 0}, 50), 50) << "who asks for an id gets it";
  EXPECT_EQ(added("e", {1, 0, 0, 0}), 52);
}

TEST_P(CollectionContract, SearchOrdersByCosineThenId) {
  for (const int64_t id : {9, 3, 7}) added("same" + std::to_string(id), {1, 1, 0, 0}, id);
  added("far", {-1, 0, 0, 0}, 1);
  added("near", {5, 1, 0, 0}, 8);
  EXPECT_THAT(found({2, 0, 0, 0}), testing::ElementsAre(8, 3, 7, 9, 1));
  EXPECT_THAT(found({2, 0, 0, 0}, 2), testing::ElementsAre(8, 3));
  const auto hits = collection().search(std::vector<float>{1e30f, 0, 0, 0}, {5}).value();
  EXPECT_NEAR(hits.front().cosine, 5 / std::sqrt(26.0), 1e-3);
  EXPECT_FLOAT_EQ(hits.back().cosine, -1);
}

TEST_P(CollectionContract, SearchRefusesWhatHasNoAnswer) {
  added("a", {1, 0, 0, 0});
  const auto search = [&](std::vector<float> query, uint32_t limit) {
    return collection().search(query, {limit});
  };
  expect_refused(search({1, 0, 0}, 5), ErrorKind::invalid_argument, "expected 4 values, got 3");
  expect_refused(search({0, 0, 0, 0}, 5), ErrorKind::invalid_argument, "zero");
  expect_refused(search({0, std::nanf(""), 0, 0}, 5), ErrorKind::invalid_argument, "NaN");
  expect_refused(search({1, 0, 0, 0}, 0), ErrorKind::invalid_argument, "a limit of 0");
  expect_refused(search({1, 0, 0, 0}, 16385), ErrorKind::invalid_argument, "16384");
  EXPECT_TRUE(search({1, 0, 0, 0}, 16384).ok());
}

TEST_P(CollectionContract, ForEachGoesById) {
  for (const int64_t id : {30, -2, 7}) added(std::to_string(id), {1, 0, 0, 0}, id);
  std::vector<int64_t> ids;
  ASSERT_TRUE(collection()
                  .for_each([&](const Record& record) {
                    ids.push_back(record.id);
                    EXPECT_TRUE(collection().get(record.id).ok()) << "the collection can be used meanwhile";
                    return ids.size() < 2;
                  })
                  .ok());
  EXPECT_THAT(ids, testing::ElementsAre(-2, 7));
}

TEST_P(CollectionContract, ForEachCanBeginAnywhere) {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min(), kMost = std::numeric_limits<int64_t>::max();
  for (const int64_t id : {30, -2, 7}) added(std::to_string(id), {1, 0, 0, 0}, id);
  const auto from = [&](int64_t least) {
    std::vector<int64_t> ids;
    EXPECT_TRUE(collection()
                    .for_each_from(least,
                                   [&](const Record& record) {
                                     ids.push_back(record.id);
                                     return true;
                                   })
                    .ok());
    return ids;
  };
  EXPECT_THAT(from(kLeast), testing::ElementsAre(-2, 7, 30));
  EXPECT_THAT(from(-2), testing::ElementsAre(-2, 7, 30));
  EXPECT_THAT(from(-1), testing::ElementsAre(7, 30));
  EXPECT_THAT(from(30), testing::ElementsAre(30));
  EXPECT_THAT(from(kMost), testing::ElementsAre());
}

TEST_P(CollectionContract, FindsAllWithTheSameContent) {
  const std::vector<float> v{1, 0, 0, 0};
  std::vector<Item> items;
  for (const int64_t id : {5, 2, 8}) items.push_back({id, v, picture_at(std::to_string(id))});
  items[0].picture.content_hash = items[1].picture.content_hash = "aa";
  ASSERT_TRUE(collection().upsert(items).ok());
  std::vector<int64_t> ids;
  const auto same = collection().find_by_content("aa").value();
  for (const Record& record : same) ids.push_back(record.id);
  EXPECT_THAT(ids, testing::ElementsAre(2, 5));
  EXPECT_TRUE(collection().find_by_content("").value().empty()) << "empty means unknown, not equal";
}

// The contract said again with a std::map and exact search, for long random histories.
class CollectionModel {
 public:
  explicit CollectionModel(uint32_t dim) : dim_(dim) {}

  void upsert(int64_t id, const Picture& picture, const std::vector<float>& vector) {
    double length = 0;
    for (const float value : vector) length += double{value} * double{value};
    std::vector<double> stored;
    for (const float value : vector)
      stored.push_back(base::f16_to_f32(base::f32_to_f16(static_cast<float>(value / std::sqrt(length)))));
    records_[id] = {picture, stored};
  }
  void erase(int64_t id) { records_.erase(id); }
  bool has(int64_t id) const { return records_.contains(id); }

  void expect_same(Collection& collection, std::mt19937_64& random) const {
    ASSERT_EQ(collection.count().value(), records_.size());
    auto next = records_.begin();
    ASSERT_TRUE(collection
                    .for_each([&](const Record& record) {
                      EXPECT_TRUE(next != records_.end() && record.id == next->first &&
                                  record.picture == next->second.picture);
                      ++next;
                      return true;
                    })
                    .ok());
    ASSERT_TRUE(next == records_.end());
    expect_same_search(collection, random_vector(random, dim_), 1 + static_cast<uint32_t>(random() % 20));
  }

 private:
  struct Known {
    Picture picture;
    std::vector<double> vector;
  };

  double cosine(const Known& known, const std::vector<float>& query) const {
    double sum = 0, length = 0;
    for (uint32_t d = 0; d < dim_; ++d) {
      sum += known.vector[d] * query[d];
      length += double{query[d]} * query[d];
    }
    return std::clamp(sum / std::sqrt(length), -1.0, 1.0);
  }

  // A sum of dim products in single precision is off by at most dim * 2^-24 times the sum of their
  // magnitudes, which is at most 1 here.
  void expect_same_search(Collection& collection, const std::vector<float>& query, uint32_t limit) const {
    const double tolerance = (dim_ + 2) * 0x1p-23;
    const auto hits = collection.search(query, {limit}).value();
    ASSERT_EQ(hits.size(), std::min<size_t>(limit, records_.size()));
    std::map<int64_t, bool> is_hit;
    for (size_t i = 0; i < hits.size(); ++i) {
      ASSERT_TRUE(records_.contains(hits[i].id)) << hits[i].id;
      const Known& known = records_.at(hits[i].id);
      EXPECT_NEAR(hits[i].cosine, cosine(known, query), tolerance);
      EXPECT_EQ(hits[i].picture, known.picture);
      if (i > 0) {
        EXPECT_TRUE(hits[i - 1].cosine > hits[i].cosine ||
                    (hits[i - 1].cosine == hits[i].cosine && hits[i - 1].id < hits[i].id));
      }
      is_hit[hits[i].id] = true;
    }
    for (const auto& [id, known] : records_)
      if (!is_hit.contains(id)) {
        EXPECT_LE(cosine(known, query), hits.back().cosine + tolerance) << id;
      }
  }

  uint32_t dim_;
  std::map<int64_t, Known> records_;
};

TEST_P(CollectionContract, AgreesWithTheModelOverLongHistories) {
  constexpr uint32_t kDim = 24;
  for (const uint64_t seed : {1, 2, 3}) {
    std::mt19937_64 random(seed);
    open(kDim);
    CollectionModel model(kDim);
    for (int step = 0; step < 150; ++step) {
      const size_t batch = random() % (step % 10 == 0 ? 60 : 5);
      if (random() % 3 != 0) {
        std::vector<std::vector<float>> vectors(batch);
        std::map<int64_t, Item> items;
        for (auto& vector : vectors) {
          vector = random_vector(random, kDim);
          const auto id = static_cast<int64_t>(random() % 300);
          // The path changes with the step, so that a replaced record gives its old path up.
          Picture picture =
              picture_at("p" + std::to_string(id) + (random() % 4 == 0 ? "/" + std::to_string(step) : ""));
          picture.size = step;
          items[id] = {id, vector, picture};
        }
        std::vector<Item> list;
        for (const auto& [id, item] : items) list.push_back(item);
        ASSERT_TRUE(collection().upsert(list).ok());
        for (const Item& item : list)
          model.upsert(*item.id, item.picture, {item.vector.begin(), item.vector.end()});
      } else {
        std::vector<int64_t> ids;
        for (size_t i = 0; i < batch * 2; ++i) ids.push_back(static_cast<int64_t>(random() % 300));
        std::vector<int64_t> known = ids;
        std::sort(known.begin(), known.end());
        known.erase(std::unique(known.begin(), known.end()), known.end());
        std::erase_if(known, [&](int64_t id) { return !model.has(id); });
        ASSERT_EQ(collection().erase(ids).value(), known.size());
        for (const int64_t id : known) model.erase(id);
      }
      if (random() % 25 == 0) store_->reopen();
      if (step % 5 == 0) model.expect_same(collection(), random);
      if (HasFatalFailure()) return;
    }
  }
}

// Every batch turns all records to one direction, each its own: a search that saw half a batch would find
// two.
TEST_P(CollectionContract, SearchesSeeWholeBatchesWhileOneThreadWrites) {
  constexpr int kRecords = 40, kBatches = 60;
  open(kBatches + 1);
  std::atomic<bool> done = false;
  const auto write = [&](int batch) {
    std::vector<float> vector(kBatches + 1);
    vector[static_cast<size_t>(batch)] = 1;
    std::vector<Item> items;
    for (int i = 0; i < kRecords; ++i) items.push_back({i, vector, picture_at(std::to_string(i))});
    ASSERT_TRUE(collection().upsert(items).ok());
  };
  write(0);
  std::vector<std::thread> searchers;
  for (int t = 0; t < 3; ++t)
    searchers.emplace_back([&] {
      std::vector<float> query(kBatches + 1);
      for (size_t i = 0; i < query.size(); ++i) query[i] = static_cast<float>(i + 1);
      while (!done) {
        const auto hits = collection().search(query, {kRecords + 10});
        ASSERT_TRUE(hits.ok()) << hits.error().message();
        ASSERT_EQ(hits->size(), static_cast<size_t>(kRecords));
        EXPECT_EQ(hits->front().cosine, hits->back().cosine);
        EXPECT_TRUE(collection().get(7).ok());
      }
    });
  for (int batch = 1; batch <= kBatches; ++batch) write(batch);
  done = true;
  for (auto& searcher : searchers) searcher.join();
}

}  // namespace elanus::store
