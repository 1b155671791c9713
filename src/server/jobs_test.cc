#include "server/jobs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <latch>
#include <nlohmann/json.hpp>

#include "store/memory_collection.h"

namespace elanus::server {
namespace {

namespace fs = std::filesystem;

// Jobs of an empty folder, which run when open() lets them.
class JobsTest : public testing::Test {
 protected:
  JobsTest() {
    char folder[] = "/tmp/elanus-jobs-XXXXXX";
    folder_ = ::mkdtemp(folder);
  }
  ~JobsTest() override {
    open();
    jobs_.close();
    fs::remove_all(folder_);
  }

  void open() {
    if (!is_open_.exchange(true)) door_.count_down();
  }
  std::string state(int64_t id) const { return jobs_.get(id).value()["state"]; }
  // All events of a job, as the server would send them.
  std::string all_events(int64_t id) {
    const auto stream = jobs_.events(id).value();
    std::string all;
    for (EventStream::Piece piece; !piece.ended; all += piece.bytes) {
      std::latch more(1);
      bool asleep = false;
      piece = stream->next([&] { asleep = true; }, [&] { more.count_down(); });
      if (asleep) more.wait();
    }
    return all;
  }

  std::latch door_{1};
  std::atomic<bool> is_open_{false}, broken_{false};
  fs::path folder_;
  std::unique_ptr<clip::Clip> clip_ =
      clip::Clip::load(fs::path(ELANUS_SOURCE_DIR) / "tests/inputs/clip/quick-gelu-f16", {.threads = 1})
          .value();
  std::shared_ptr<store::Collection> collection_ =
      store::MemoryCollection::create(
          {.dim = clip_->info().dim, .metric = {}, .model = {clip_->info().name, clip_->info().hash}})
          .value();
  Library library_{*collection_, [this]() -> Result<std::shared_ptr<store::Collection>> {
                     door_.wait();
                     if (broken_) return Error(ErrorKind::io, "the disk is gone");
                     return collection_;
                   }};
  Metrics metrics_;
  Jobs jobs_{library_, *clip_, metrics_};
};

TEST_F(JobsTest, RunOneAfterTheOtherAndTellTheirWay) {
  const int64_t first = jobs_.start(folder_).value(), second = jobs_.start(folder_).value();
  EXPECT_LT(first, second);
  EXPECT_EQ(state(second), "waiting");
  open();
  const std::string events = all_events(second);
  EXPECT_EQ(state(first), "done") << "the first has its turn before the second";
  EXPECT_EQ(state(second), "done");
  EXPECT_THAT(events, testing::StartsWith("event: job\ndata: {"));
  EXPECT_THAT(events, testing::HasSubstr("\"state\":\"done\""));
  EXPECT_THAT(events, testing::EndsWith("}\n\n"));
  EXPECT_EQ(jobs_.list().size(), 2u);
  EXPECT_EQ(jobs_.get(second).value()["report"]["found"], 0);
  EXPECT_THAT(all_events(second), testing::HasSubstr("\"done\"")) << "who comes late hears of the end";
}

TEST_F(JobsTest, OneThatWaitsCanBeStopped) {
  jobs_.start(folder_).value();
  const int64_t second = jobs_.start(folder_).value();
  ASSERT_TRUE(jobs_.stop(second).ok());
  open();
  all_events(second);
  EXPECT_EQ(state(second), "stopped");
}

TEST_F(JobsTest, ACollectionThatCannotBeWrittenToFailsTheJob) {
  broken_ = true;
  open();
  const int64_t id = jobs_.start(folder_).value();
  all_events(id);
  EXPECT_EQ(state(id), "failed");
  EXPECT_EQ(jobs_.get(id).value()["error"], "the disk is gone");
}

TEST_F(JobsTest, NotMoreThanSixteenWait) {
  std::vector<int64_t> taken;
  for (;;) {
    const auto id = jobs_.start(folder_);
    if (!id.ok()) {
      EXPECT_EQ(id.error().kind(), ErrorKind::busy);
      break;
    }
    taken.push_back(*id);
    ASSERT_LE(taken.size(), 17u);
  }
  EXPECT_GE(taken.size(), 16u) << "16, and the one that runs if it runs already";
  open();
  all_events(taken.back());
}

TEST_F(JobsTest, AtTheEndAllStreamsEnd) {
  const int64_t first = jobs_.start(folder_).value(), second = jobs_.start(folder_).value();
  std::jthread listener([&] { all_events(second); });
  open();
  jobs_.close();
  listener.join();
  EXPECT_NE(state(first), "running");
  EXPECT_NE(state(second), "waiting");
  EXPECT_EQ(jobs_.start(folder_).error().kind(), ErrorKind::cancelled);
}

TEST_F(JobsTest, OneThatNeverWas) {
  EXPECT_EQ(jobs_.get(7).error().kind(), ErrorKind::not_found);
  EXPECT_EQ(jobs_.stop(7).error().kind(), ErrorKind::not_found);
  EXPECT_EQ(jobs_.events(7).error().kind(), ErrorKind::not_found);
}

}  // namespace
}  // namespace elanus::server
