// Embedding a collection anew: the old model serves until the new one has all, whatever happens in between.
#include "store_local/reembed.h"

#include "store_local/child_process.h"
#include "store_local/maintenance.h"
#include "store_local/test_folder.h"
#include "store_local/test_history.h"

namespace elanus::store_local {
namespace {

const store::ModelId kNew{"new", "22"};
constexpr uint32_t kNewDim = 24;

// What the new model makes of a picture.
std::vector<float> new_vector(const std::string& path) {
  std::mt19937_64 random(std::hash<std::string>()(path));
  std::vector<float> vector(kNewDim);
  for (float& value : vector) value = static_cast<float>(random() % 2001) - 1000.5f;
  return vector;
}

class Reembed : public testing::Test {
 protected:
  static constexpr int64_t kSteps = 8;

  Reembed() {
    const auto collection = LocalCollection::create(folder_.path(), history_.schema()).value();
    for (int64_t step = 0; step < kSteps; ++step) EXPECT_TRUE(history_.take_step(*collection, step).ok());
  }

  std::unique_ptr<Reembedding> begin() { return Reembedding::begin(folder_.path(), kNew, kNewDim).value(); }
  std::unique_ptr<LocalCollection> open(OpenMode mode) {
    return LocalCollection::open(folder_.path(), mode).value();
  }

  // Up to n records; false when there were none left.
  static bool embed_some(Reembedding& work, size_t n) {
    const auto waiting = work.next(n).value();
    std::vector<int64_t> slots;
    std::vector<float> vectors;
    for (const auto& one : waiting) {
      slots.push_back(one.slot);
      const auto vector = new_vector(one.picture.path);
      vectors.insert(vectors.end(), vector.begin(), vector.end());
    }
    EXPECT_TRUE(work.put(slots, vectors).ok());
    return !waiting.empty();
  }
  static void embed_all(Reembedding& work) {
    while (embed_some(work, 7)) {
    }
  }

  // Every record with the new vector, and nothing else.
  void expect_new(const LocalCollection& collection, const Content& content) {
    EXPECT_EQ(collection.schema().model, kNew);
    EXPECT_EQ(collection.schema().dim, kNewDim);
    EXPECT_TRUE(collection.check().ok()) << collection.check().error().message();
    EXPECT_EQ(content_of(collection), content);
    for (const auto& [id, step] : content) {
      const auto path = history_.picture_of(id, step).path;
      const auto hit = collection.search(new_vector(path), {1}).value().at(0);
      EXPECT_EQ(hit.id, id);
      EXPECT_GT(hit.cosine, 0.999f);
    }
  }

  const WriteHistory history_{16, 20};
  const TestFolder folder_;
};

TEST_F(Reembed, TheOldOneServesUntilTheNewOneHasAll) {
  const auto reader = open(OpenMode::read_only);
  const Content content = history_.after(kSteps);
  auto work = begin();
  EXPECT_EQ(work->total(), content.size());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(embed_some(*work, 9));
    expect_searchable(*reader, history_, content, 3);
    expect_searchable(*open(OpenMode::read_only), history_, content, 3);
  }
  EXPECT_EQ(work->finish(false).value(), content.size() - 27) << "not yet";
  work = begin();
  EXPECT_EQ(work->embedded(), 27u) << "goes on where it ended";
  embed_all(*work);
  EXPECT_EQ(work->embedded(), content.size());
  EXPECT_EQ(reader->stats()->next->embedded, content.size());
  expect_searchable(*reader, history_, content, 3);
  EXPECT_EQ(work->finish(false).value(), 0u);
  expect_new(*open(OpenMode::read_only), content);
  // Who had it open before hears of it, and never compares a query with another model's vectors.
  for (const auto& error : {reader->search(history_.vector_of(1, 1), {1}).error(), reader->get(1).error(),
                            reader->vector(1).error(), reader->count().error()}) {
    EXPECT_EQ(error.kind(), ErrorKind::mismatch);
    EXPECT_THAT(error.message(), testing::HasSubstr("open it again"));
  }
  EXPECT_EQ(Reembedding::begin(folder_.path(), kNew, kNewDim).error().kind(), ErrorKind::already_exists);
}

TEST_F(Reembed, WritesGoOnMeanwhile) {
  auto work = begin();
  embed_some(*work, 30);
  Content content = history_.after(kSteps);
  {
    const auto writer = open(OpenMode::read_write);
    EXPECT_EQ(work->put({}, {}).error().kind(), ErrorKind::busy) << "while somebody writes";
    for (int64_t step = kSteps; step < kSteps + 3; ++step) {
      ASSERT_TRUE(history_.take_step(*writer, step).ok());
      history_.apply(step, content);
    }
  }
  embed_some(*work, 30);
  ASSERT_TRUE(compact(folder_.path(), to_the_end).ok());
  embed_all(*work);
  embed_all(*begin());
  EXPECT_EQ(begin()->finish(false).value(), 0u);
  expect_new(*open(OpenMode::read_only), content);
}

// Vectors asked for before a compact belong to other slots after it.
TEST_F(Reembed, CompactInTheMiddleOfABatch) {
  auto work = begin();
  const auto waiting = work->next(5).value();
  ASSERT_TRUE(compact(folder_.path(), to_the_end).ok());
  std::vector<int64_t> slots;
  for (const auto& one : waiting) slots.push_back(one.slot);
  ASSERT_TRUE(work->put(slots, std::vector<float>(5 * kNewDim, 1.0f)).ok());
  EXPECT_EQ(work->embedded(), 0u);
  embed_all(*work);
  EXPECT_EQ(work->finish(false).value(), 0u);
  expect_new(*open(OpenMode::read_only), history_.after(kSteps));
}

TEST_F(Reembed, WhatCannotBeEmbeddedGoesOnlyWhenAsked) {
  auto work = begin();
  embed_some(*work, 10);
  const auto kept = content_of(*open(OpenMode::read_only));
  EXPECT_EQ(work->finish(false).value(), kept.size() - 10);
  EXPECT_EQ(content_of(*open(OpenMode::read_only)), kept);
  EXPECT_EQ(work->finish(true).value(), 0u);
  const auto collection = open(OpenMode::read_write);
  EXPECT_EQ(collection->count().value(), 10u);
  expect_new(*collection, content_of(*collection));
}

TEST_F(Reembed, AnotherModelInBetweenIsRefused) {
  embed_some(*begin(), 10);
  const store::ModelId third{"third", "33"};
  EXPECT_EQ(Reembedding::begin(folder_.path(), third, 8).error().kind(), ErrorKind::mismatch);
  ASSERT_TRUE(Reembedding::abandon(folder_.path()).ok());
  EXPECT_FALSE(open(OpenMode::read_only)->stats()->next.has_value());
  EXPECT_EQ(Reembedding::begin(folder_.path(), third, 8).value()->embedded(), 0u);
  EXPECT_EQ(Reembedding::begin(folder_.path(), {"", ""}, 0).error().kind(), ErrorKind::invalid_argument);
}

TEST_F(Reembed, KilledAtAnyMomentItGoesOn) {
  const Content content = history_.after(kSteps);
  std::mt19937_64 random(5);
  uint64_t embedded = 0;
  for (int round = 0; round < 8; ++round) {
    ChildProcess child([&](const ChildProcess::Say& say) {
      auto work = Reembedding::begin(folder_.path(), kNew, kNewDim);
      if (!work.ok()) return;
      say(static_cast<int64_t>((*work)->embedded()));
      while (embed_some(**work, 2)) say(static_cast<int64_t>((*work)->embedded()));
    });
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
    child.kill();
    while (const auto heard = child.hear()) {
      EXPECT_GE(*heard, static_cast<int64_t>(embedded)) << "what was acknowledged is there";
      embedded = static_cast<uint64_t>(*heard);
    }
    expect_searchable(*open(OpenMode::read_only), history_, content, 9);
  }
  auto work = begin();
  EXPECT_GE(work->embedded(), embedded);
  embed_all(*work);
  EXPECT_EQ(work->finish(false).value(), 0u);
  expect_new(*open(OpenMode::read_only), content);
}

}  // namespace
}  // namespace elanus::store_local
