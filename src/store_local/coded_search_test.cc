// Collections large enough for codes: answers are those of brute force over what was stored, whatever was
// written in which order, and whatever happens to library.idx.
#include <fstream>
#include <memory>
#include <random>

#include "index/recall.h"
#include "store/memory_collection.h"
#include "store_local/format.h"
#include "store_local/index_file.h"
#include "store_local/local_collection.h"
#include "store_local/test_folder.h"
#include "tests/support/clip_like.h"

#include <gmock/gmock.h>

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kDim = 512;

const testing_support::ClipLike& clip() {
  static const testing_support::ClipLike made(kDim);
  return made;
}

std::vector<float> texts(size_t n) {
  std::vector<float> queries(n * kDim);
  for (size_t q = 0; q < n; ++q) clip().text(q, std::span(queries).subspan(q * kDim, kDim));
  return queries;
}

std::vector<int64_t> ids(const std::vector<store::Hit>& hits) {
  std::vector<int64_t> ids;
  for (const store::Hit& hit : hits) ids.push_back(hit.id);
  return ids;
}

class CodedSearch : public testing::Test {
 protected:
  CodedSearch() : collection_(LocalCollection::create(files_.folder, schema_).value()) {}

  // Pictures first .. first + n - 1, in batches of 500. Every tenth has the label "tenth".
  void write(int64_t first, int64_t n) {
    for (int64_t at = first; at < first + n; at += 500) {
      std::vector<float> vectors(500 * kDim);
      std::vector<store::Item> items;
      for (int64_t id = at; id < std::min(at + 500, first + n); ++id) {
        const auto vector = std::span(vectors).subspan(static_cast<size_t>(id - at) * kDim, kDim);
        clip().picture(static_cast<uint64_t>(id), vector);
        store::Picture picture;
        picture.path = "p" + std::to_string(id);
        if (id % 10 == 0) picture.label = "tenth";
        items.push_back({id, vector, picture});
      }
      ASSERT_TRUE(collection_->upsert(items).ok());
    }
  }

  void reopen(OpenMode mode) {
    collection_.reset();
    collection_ = LocalCollection::open(files_.folder, mode).value();
  }

  // The share of what comparing everything finds that `effort` finds.
  double recall(store::Effort effort, const store::Filter& filter = {}) {
    const auto queries = texts(50);
    const auto truth = collection_->search_batch(queries, {10, filter, store::Effort::exact}).value();
    const auto found = collection_->search_batch(queries, {10, filter, effort}).value();
    double recall = 0;
    for (size_t q = 0; q < truth.size(); ++q) {
      recall += index::recall_at_k(ids(truth[q]), ids(found[q]), 10) / static_cast<double>(truth.size());
      EXPECT_EQ(truth[q].size(), found[q].size());
    }
    return recall;
  }

  void expect_right_answers() {
    EXPECT_GE(recall(store::Effort::balanced), 0.995);
    EXPECT_GE(recall(store::Effort::fast), 0.97);
  }

  uint64_t coded_rows() { return collection_->stats().value().coded_rows; }

  std::string content() const {
    std::ifstream file(files_.index, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void overwrite(const std::string& bytes) const {
    std::ofstream(files_.index, std::ios::binary | std::ios::trunc) << bytes;
  }

  const store::Schema schema_{kDim, store::Metric::cosine, {"m", "h"}};
  const TestFolder folder_;
  const Files files_{folder_.path() / "library"};
  std::unique_ptr<LocalCollection> collection_;
};

TEST_F(CodedSearch, BeginsWhenThereAreEnoughRows) {
  write(0, 4000);
  EXPECT_EQ(coded_rows(), 0u) << "few rows are compared one by one";
  EXPECT_GT(recall(store::Effort::fast), 0.9999);
  write(4000, 1500);
  EXPECT_EQ(coded_rows(), 5120u) << "all that fill segments, also those written before";
  expect_right_answers();
}

TEST_F(CodedSearch, WritesOfAllKinds) {
  write(0, 6000);
  expect_right_answers();
  std::vector<int64_t> gone;
  for (int64_t id = 0; id < 6000; id += 7) gone.push_back(id);
  ASSERT_TRUE(collection_->erase(gone).ok());
  expect_right_answers();
  write(3000, 700);  // again: new slots
  write(6000, 1000);
  expect_right_answers();
  reopen(OpenMode::read_only);
  EXPECT_GT(coded_rows(), 5000u);
  expect_right_answers();
}

TEST_F(CodedSearch, ExactIsWhatTheMemoryStoreSays) {
  write(0, 5200);
  const auto oracle = store::MemoryCollection::create(schema_).value();
  std::vector<std::vector<float>> stored;
  std::vector<store::Item> items;
  for (int64_t id = 0; id < 5200; ++id) stored.push_back(collection_->vector(id).value());
  for (int64_t id = 0; id < 5200; ++id) {
    store::Picture picture;
    picture.path = std::to_string(id);
    items.push_back({id, stored[static_cast<size_t>(id)], picture});
  }
  ASSERT_TRUE(oracle->upsert(items).ok());
  const auto queries = texts(20);
  const auto exact = collection_->search_batch(queries, {10, {}, store::Effort::exact}).value();
  const auto expected = oracle->search_batch(queries, {10, {}, store::Effort::exact}).value();
  for (size_t q = 0; q < 20; ++q)
    for (size_t i = 0; i < 10; ++i) EXPECT_NEAR(exact[q][i].cosine, expected[q][i].cosine, 1e-5);
}

TEST_F(CodedSearch, FilteredAnswersAreWholeAndRight) {
  write(0, 6000);
  const store::Filter tenth{store::TextIs{store::TextField::label, store::TextMatch::equal, "tenth"}};
  EXPECT_GE(recall(store::Effort::balanced, tenth), 0.995);
  const store::Filter one{store::TextIs{store::TextField::path, store::TextMatch::equal, "p4321"}};
  EXPECT_GT(recall(store::Effort::fast, one), 0.9999);
}

TEST_F(CodedSearch, ABatchIsItsQueriesOneByOne) {
  write(0, 5200);
  const auto queries = texts(20);
  const auto together = collection_->search_batch(queries, {10}).value();
  ASSERT_EQ(together.size(), 20u);
  double same = 0;
  for (size_t q = 0; q < 20; ++q) {
    const auto alone = collection_->search(std::span(queries).subspan(q * kDim, kDim), {10}).value();
    same += index::recall_at_k(ids(alone), ids(together[q]), 10) / 20;
  }
  EXPECT_GE(same, 0.995);
  EXPECT_TRUE(collection_->search_batch({}, {10}).value().empty());
  const auto refused = collection_->search_batch(std::span(queries).first(kDim + 1), {10});
  EXPECT_EQ(refused.error().kind(), ErrorKind::invalid_argument);
}

// Damage to values is met by the search that reads them, damage to the rest when the file is mapped.
TEST_F(CodedSearch, DamageIsHarmless) {
  write(0, 5200);
  collection_.reset();
  const std::string whole = content();
  std::mt19937_64 random(1);
  for (int i = 0; i < 6; ++i) {
    std::string damaged = whole;
    // A byte here and there in the values; or one anywhere, also in the frame.
    for (size_t at = whole.size() / 2; i % 2 == 0 && at < whole.size(); at += 4096) damaged[at] ^= 0x40;
    if (i % 2 == 1) damaged[random() % whole.size()] ^= 0x04;
    overwrite(damaged);
    reopen(i < 4 ? OpenMode::read_only : OpenMode::read_write);
    expect_right_answers();
    collection_.reset();
  }
  overwrite(whole.substr(0, 1'000'000));  // within the frame
  reopen(OpenMode::read_only);
  expect_right_answers();
  EXPECT_EQ(coded_rows(), 5120u) << "made anew";
}

TEST_F(CodedSearch, ManyHitsAreAsked) {
  write(0, 5200);
  EXPECT_EQ(collection_->search(texts(1), {16384}).value().size(), 5200u);
  EXPECT_EQ(collection_->search(texts(1), {600}).value().size(), 600u);
}

}  // namespace
}  // namespace elanus::store_local
