// What was acknowledged is there, whatever happened to the process or the disk; and no part of anything else.
#include <sys/resource.h>

#include <chrono>
#include <map>
#include <thread>

#include "store_local/child_process.h"
#include "store_local/test_library.h"

namespace elanus::store_local {
namespace {

constexpr uint32_t kDim = 1024;
constexpr int kBatch = 20;

// The vector that the record `id` has after step `step` wrote it.
std::vector<float> vector_of(int64_t id, int64_t step) {
  std::mt19937_64 random(static_cast<uint64_t>(id * 1'000'003 + step));
  std::vector<float> vector(kDim);
  for (int i = 0; i < 16; ++i) vector[random() % kDim] = static_cast<float>(random() % 2001) - 1000.5f;
  return vector;
}

// A history that is the same in every process. Step s is one call: every third erases records of the step
// before it, the others write kBatch records, half of them again and again the same ids.
struct Step {
  std::vector<int64_t> written, erased;

  static Step number(int64_t step) {
    Step s;
    if (step % 3 == 2) {
      for (int i = 0; i < 4; ++i) s.erased.push_back(1000 + (step - 1) * kBatch + i * 2);
    } else {
      for (int i = 0; i < kBatch / 2; ++i) s.written.push_back(i);
      for (int i = 0; i < kBatch / 2; ++i) s.written.push_back(1000 + step * kBatch + i);
    }
    return s;
  }
};

Result<void> take_step(LocalCollection& collection, int64_t number) {
  const Step step = Step::number(number);
  if (!step.erased.empty()) {
    TRY(collection.erase(step.erased));
    return {};
  }
  std::vector<std::vector<float>> vectors;
  std::vector<store::Item> items;
  for (const int64_t id : step.written) vectors.push_back(vector_of(id, number));
  for (size_t i = 0; i < step.written.size(); ++i) {
    store::Picture picture;
    picture.path = "p" + std::to_string(step.written[i]);
    picture.size = number;
    items.push_back({step.written[i], vectors[i], picture});
  }
  TRY(collection.upsert(items));
  return {};
}

// Id to the step that wrote it, after the first `steps` steps.
std::map<int64_t, int64_t> expected_after(int64_t steps) {
  std::map<int64_t, int64_t> expected;
  for (int64_t number = 0; number < steps; ++number) {
    const Step step = Step::number(number);
    for (const int64_t id : step.written) expected[id] = number;
    for (const int64_t id : step.erased) expected.erase(id);
  }
  return expected;
}

std::map<int64_t, int64_t> content_of(const LocalCollection& collection) {
  std::map<int64_t, int64_t> content;
  EXPECT_TRUE(collection
                  .for_each([&](const store::Record& record) {
                    content[record.id] = record.picture.size;
                    return true;
                  })
                  .ok());
  return content;
}

class Crash : public testing::Test {
 protected:
  Crash() { EXPECT_TRUE(LocalCollection::create(folder_.path(), {kDim, store::Metric::cosine, {}}).ok()); }

  // Opens the store and says after how many steps it is: `acknowledged`, or one more (committed, and then
  // killed before it could say so).
  int64_t expect_whole(int64_t acknowledged) {
    auto opened = LocalCollection::open(folder_.path(), OpenMode::read_write);
    EXPECT_TRUE(opened.ok()) << opened.error().message();
    if (!opened.ok()) return acknowledged;
    const LocalCollection& collection = **opened;
    EXPECT_TRUE(collection.check().ok());
    const auto content = content_of(collection);
    int64_t steps = acknowledged;
    if (content != expected_after(steps)) ++steps;
    EXPECT_EQ(content, expected_after(steps)) << "acknowledged: " << acknowledged;
    // The mapped copy agrees: each record is found by its own vector, and not by the one it had before.
    EXPECT_EQ(collection.count().value(), content.size());
    int n = 0;
    for (const auto& [id, step] : content) {
      if (++n % 7 != 0) continue;
      const auto hit = collection.search(vector_of(id, step), {1}).value().at(0);
      EXPECT_EQ(hit.id, id);
      EXPECT_GT(hit.cosine, 0.999f);
    }
    if (content.contains(3)) {
      EXPECT_LT(collection.search(vector_of(3, content.at(3) - 3), {1}).value().at(0).cosine, 0.999f);
    }
    return steps;
  }

  const TestFolder folder_;
  std::mt19937_64 random_{1};
};

TEST_F(Crash, KilledAtAnyMomentLosesNothingAcknowledged) {
  int64_t steps = 0;
  for (int round = 0; round < 25 && !HasFailure(); ++round) {
    ChildProcess child([&](const ChildProcess::Say& say) {
      auto collection = LocalCollection::open(folder_.path(), OpenMode::read_write);
      if (!collection.ok()) return;
      for (int64_t step = steps; take_step(**collection, step).ok(); ++step) say(step + 1);
    });
    const auto first = child.hear();
    ASSERT_TRUE(first.has_value()) << "round " << round;
    steps = *first;
    std::this_thread::sleep_for(std::chrono::microseconds(random_() % 30'000));
    child.kill();
    while (const auto heard = child.hear()) steps = *heard;
    steps = expect_whole(steps);
  }
}

TEST_F(Crash, AFullDiskIsAnErrorAndLosesNothing) {
  // Some room for the log beyond what is there; then every write fails, in the middle of whatever it is.
  for (const rlim_t room : {40'000u, 300'000u, 1'000'000u, 3'000'000u}) {
    const TestFolder folder;
    ASSERT_TRUE(LocalCollection::create(folder.path(), {kDim, store::Metric::cosine, {}}).ok());
    ChildProcess child([&](const ChildProcess::Say& say) {
      std::signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{room, room};
      if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return;
      auto collection = LocalCollection::open(folder.path(), OpenMode::read_write);
      if (!collection.ok()) return say(collection.error().kind() == ErrorKind::no_space ? 0 : -1);
      int64_t step = 0;
      while (true) {
        const auto taken = take_step(**collection, step);
        if (!taken.ok()) {
          // Also the same process goes on reading.
          const bool whole = content_of(**collection) == expected_after(step);
          return say(whole && taken.error().kind() == ErrorKind::no_space ? step : -1);
        }
        ++step;
      }
    });
    const auto steps = child.hear();
    ASSERT_TRUE(steps.has_value()) << room;
    ASSERT_GE(*steps, 0) << room;
    child.kill();
    auto collection = LocalCollection::open(folder.path(), OpenMode::read_write);
    ASSERT_TRUE(collection.ok()) << collection.error().message();
    EXPECT_EQ(content_of(**collection), expected_after(*steps)) << room;
    EXPECT_TRUE((*collection)->check().ok());
    EXPECT_TRUE(take_step(**collection, *steps).ok()) << "and there is space again";
  }
}

TEST_F(Crash, ReadersInOtherProcessesSeeWholeBatches) {
  ChildProcess writer([&](const ChildProcess::Say& say) {
    auto collection = LocalCollection::open(folder_.path(), OpenMode::read_write);
    if (!collection.ok()) return;
    for (int64_t step = 0; step < 150 && take_step(**collection, step).ok(); ++step) say(step);
    say(-1);
  });
  ASSERT_EQ(writer.hear(), 0);
  const auto reader = LocalCollection::open(folder_.path(), OpenMode::read_only).value();
  const std::vector<float> query(kDim, 1.0f);
  int64_t acknowledged = 0;
  while (acknowledged >= 0) {
    const auto hits = reader->search(query, {16384});
    ASSERT_TRUE(hits.ok()) << hits.error().message();
    std::map<int64_t, int64_t> content;
    int64_t newest = 0;
    for (const store::Hit& hit : *hits) {
      content[hit.id] = hit.picture.size;
      newest = std::max(newest, hit.picture.size);
    }
    EXPECT_EQ(hits->size(), content.size()) << "each record once";
    EXPECT_GE(newest + 1, acknowledged) << "what was acknowledged before the search is in it";
    EXPECT_TRUE(content == expected_after(newest + 1) || content == expected_after(newest + 2)) << newest;
    ASSERT_FALSE(HasFailure());
    acknowledged = writer.hear().value_or(-1);
  }
  EXPECT_EQ(content_of(*reader), expected_after(150));
}

}  // namespace
}  // namespace elanus::store_local
