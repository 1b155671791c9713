// A store under a test that damages, kills and compares: the same writes go to an in-memory collection, which
// says what the answers have to be.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "store/memory_collection.h"
#include "store_local/format.h"
#include "store_local/local_collection.h"
#include "store_local/test_folder.h"

namespace elanus::store_local {

// A dimension with segments of 512 slots: several fit into a quick test.
constexpr uint32_t kTestDim = 1024;

class TestLibrary : public testing::Test {
 protected:
  TestLibrary() { reset(); }

  void reset() {
    const store::Schema schema{kTestDim, store::Metric::cosine, {"m", "h"}};
    oracle_ = store::MemoryCollection::create(schema).value();
    collection_ = LocalCollection::create(files_.folder, schema).value();
  }

  std::vector<float> vector() {
    std::vector<float> vector(kTestDim);
    // Few values that are not zero: quick to make, and still a direction of its own.
    for (int i = 0; i < 64; ++i)
      vector[random_() % kTestDim] = static_cast<float>(random_() % 2001) - 1000.5f;
    return vector;
  }

  // Records first .. first + n - 1, in one batch.
  void write(int64_t first, int n) {
    std::vector<std::vector<float>> vectors;
    std::vector<store::Item> items;
    for (int i = 0; i < n; ++i) vectors.push_back(vector());
    for (int i = 0; i < n; ++i) {
      store::Picture picture;
      picture.path = "p" + std::to_string(first + i);
      items.push_back({first + i, vectors[static_cast<size_t>(i)], picture});
    }
    ASSERT_TRUE(oracle_->upsert(items).ok());
    const auto ids = collection_->upsert(items);
    ASSERT_TRUE(ids.ok()) << ids.error().message();
  }

  void erase(std::vector<int64_t> ids) {
    ASSERT_EQ(oracle_->erase(ids).value(), ids.size());
    ASSERT_EQ(collection_->erase(ids).value(), ids.size());
  }

  void close() { collection_.reset(); }
  void open(OpenMode mode) {
    collection_.reset();
    auto opened = LocalCollection::open(files_.folder, mode);
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    collection_ = std::move(*opened);
  }

  void expect_same_answers() { expect_same_answers(*collection_); }

  // Sums are taken in single precision here and in double there.
  void expect_same_answers(const LocalCollection& collection) {
    ASSERT_EQ(collection.count().value(), oracle_->count().value());
    for (int i = 0; i < 4; ++i) {
      const auto query = vector();
      const auto hits = collection.search(query, {20}), expected = oracle_->search(query, {20});
      ASSERT_TRUE(hits.ok()) << hits.error().message();
      ASSERT_EQ(hits->size(), expected->size());
      for (size_t h = 0; h < hits->size(); ++h) EXPECT_NEAR(hits->at(h).cosine, expected->at(h).cosine, 1e-5);
    }
    // A stored vector finds itself: a row under another record's id would not.
    for (int i = 0; i < 20; ++i) {
      const auto id = static_cast<int64_t>(random_() % 3000);
      const auto stored = oracle_->vector(id);
      if (!stored.ok()) continue;
      EXPECT_EQ(collection.vector(id).value(), *stored);
      EXPECT_EQ(collection.search(*stored, {1}).value().at(0).id, id);
    }
  }

  const TestFolder folder_;
  const Files files_{folder_.path() / "library"};
  std::mt19937_64 random_{42};
  std::unique_ptr<store::MemoryCollection> oracle_;
  std::unique_ptr<LocalCollection> collection_;
};

}  // namespace elanus::store_local
