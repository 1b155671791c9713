// What was acknowledged is there, whatever happened to the process or the disk; and no part of anything else.
#include <sys/mount.h>
#include <sys/resource.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <map>
#include <thread>

#include "store_local/child_process.h"
#include "store_local/maintenance.h"
#include "store_local/test_folder.h"
#include "store_local/test_history.h"

namespace elanus::store_local {
namespace {

const WriteHistory kHistory(1024, 20);

Result<void> take_step(LocalCollection& collection, int64_t number) {
  return kHistory.take_step(collection, number);
}

class Crash : public testing::Test {
 protected:
  Crash() { EXPECT_TRUE(LocalCollection::create(folder_.path(), kHistory.schema()).ok()); }

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
    if (content != kHistory.after(steps)) ++steps;
    EXPECT_EQ(content, kHistory.after(steps)) << "acknowledged: " << acknowledged;
    expect_searchable(collection, kHistory, content, 7);
    return steps;
  }

  void kill_at_any_moment(const UpkeepLimits& limits) {
    int64_t steps = 0;
    for (int round = 0; round < 25 && !HasFailure(); ++round) {
      ChildProcess child([&](const ChildProcess::Say& say) {
        auto collection = LocalCollection::open(folder_.path(), OpenMode::read_write, limits);
        if (!collection.ok()) return;
        for (int64_t step = steps; take_step(**collection, step).ok(); ++step) say(step + 1);
      });
      for (auto left = 1 + random_() % 8; left > 0; --left) {
        const auto heard = child.hear();
        ASSERT_TRUE(heard.has_value()) << "round " << round;
        steps = *heard;
      }
      std::this_thread::sleep_for(std::chrono::microseconds(random_() % 4'000));
      child.kill();
      while (const auto heard = child.hear()) steps = *heard;
      steps = expect_whole(steps);
    }
  }

  const TestFolder folder_;
  std::mt19937_64 random_{1};
};

TEST_F(Crash, KilledAtAnyMomentLosesNothingAcknowledged) { kill_at_any_moment({}); }

// A thread puts each commit's pages into library.db and its rows into library.idx.
TEST_F(Crash, KilledBesideUpkeepLosesNothingAcknowledged) {
  kill_at_any_moment({1, 0});
  EXPECT_GT(std::filesystem::file_size(folder_.path() / "library.idx"), 1u << 19);
}

TEST_F(Crash, AFullDiskIsAnErrorAndLosesNothing) {
  // Some room for the log beyond what is there; then every write fails, in the middle of whatever it is.
  for (const rlim_t room : {40'000u, 300'000u, 1'000'000u, 3'000'000u}) {
    const TestFolder folder;
    ASSERT_TRUE(LocalCollection::create(folder.path(), kHistory.schema()).ok());
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
          const bool whole = content_of(**collection) == kHistory.after(step);
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
    EXPECT_EQ(content_of(**collection), kHistory.after(*steps)) << room;
    EXPECT_TRUE((*collection)->check().ok());
    EXPECT_TRUE(take_step(**collection, *steps).ok()) << "and there is space again";
  }
}

// A file system of a few megabytes, gone with it.
class SmallDisk {
 public:
  explicit SmallDisk(const std::filesystem::path& at) : at_(at) {
    std::filesystem::create_directories(at);
    error_ = ::mount("tmpfs", at.c_str(), "tmpfs", 0, "size=3m") == 0 ? 0 : errno;
  }
  ~SmallDisk() {
    if (error_ == 0) ::umount2(at_.c_str(), MNT_DETACH);
  }
  int error() const { return error_; }

 private:
  const std::filesystem::path at_;
  int error_;
};

// Not a limit of the process but a disk that is full, also for the log's shared memory and for library.idx.
TEST_F(Crash, AFullFileSystem) {
  const SmallDisk disk(folder_.path() / "small");
  if (disk.error() != 0)
    GTEST_SKIP() << "a small file system cannot be mounted here: " << std::strerror(disk.error());
  const auto ballast = folder_.path() / "small/ballast", store = folder_.path() / "small/store";
  std::ofstream(ballast) << std::string(1 << 20, 'x');
  auto collection = LocalCollection::create(store, kHistory.schema()).value();
  int64_t step = 0;
  const auto fill = [&] {
    while (true) {
      const auto taken = take_step(*collection, step);
      if (!taken.ok()) return taken.error().kind();
      ++step;
    }
  };
  EXPECT_EQ(fill(), ErrorKind::no_space);
  const int64_t first = step;
  EXPECT_GT(first, 3);
  EXPECT_EQ(content_of(*collection), kHistory.after(first)) << "the same process goes on reading";
  expect_searchable(*collection, kHistory, kHistory.after(first), 7);
  collection.reset();
  EXPECT_EQ(compact(store, to_the_end).error().kind(), ErrorKind::no_space);
  EXPECT_EQ(backup(store, folder_.path() / "small/copy", [](auto, auto) { return true; }).error().kind(),
            ErrorKind::no_space);
  EXPECT_EQ(content_of(*LocalCollection::open(store, OpenMode::read_only).value()), kHistory.after(first));
  std::filesystem::remove(ballast);
  collection = LocalCollection::open(store, OpenMode::read_write).value();
  EXPECT_EQ(fill(), ErrorKind::no_space);
  EXPECT_GT(step, first) << "there was room again";
  EXPECT_EQ(content_of(*collection), kHistory.after(step));
  EXPECT_TRUE(collection->check().ok());
  expect_searchable(*collection, kHistory, kHistory.after(step), 7);
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
  const std::vector<float> query(kHistory.schema().dim, 1.0f);
  int64_t acknowledged = 0;
  while (acknowledged >= 0) {
    const auto hits = reader->search(query, {16384});
    ASSERT_TRUE(hits.ok()) << hits.error().message();
    std::map<int64_t, int64_t> content;
    int64_t newest = 0;
    for (const store::Hit& hit : *hits) {
      content[hit.id] = hit.picture.size - 1;
      newest = std::max(newest, hit.picture.size - 1);
    }
    EXPECT_EQ(hits->size(), content.size()) << "each record once";
    EXPECT_GE(newest + 1, acknowledged) << "what was acknowledged before the search is in it";
    EXPECT_TRUE(content == kHistory.after(newest + 1) || content == kHistory.after(newest + 2)) << newest;
    ASSERT_FALSE(HasFailure());
    acknowledged = writer.hear().value_or(-1);
  }
  EXPECT_EQ(content_of(*reader), kHistory.after(150));
}

}  // namespace
}  // namespace elanus::store_local
