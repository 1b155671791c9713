// The power goes at any call that changes a file, and any such call fails: nothing that was acknowledged is
// lost, nothing else is half there, and every search answers rightly.
#include "store_local/test_faults.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;

TEST_F(Faults, PowerLostWhileMakingAndWriting) {
  crash_everywhere(
      folder_.path(), 50,
      [&](TestDisk& disk) {
        const auto collection = LocalCollection::create(folder_.path() / "store", history_.schema()).value();
        disk.acknowledge(0);
        for (int64_t step = 0; step < 12; ++step) {
          ASSERT_TRUE(history_.take_step(*collection, step).ok());
          disk.acknowledge(step + 1);
        }
      },
      [&](const fs::path& image, int64_t acknowledged, const std::string& where) {
        if (acknowledged < 0 && !LocalCollection::exists(image / "store")) return;
        const int64_t steps = std::max<int64_t>(acknowledged, 0);
        expect_one_of(image / "store", {history_.after(steps), history_.after(steps + 1)}, where);
      });
}

// What the log holds goes into the database itself.
TEST_F(Faults, PowerLostWhileTheLogIsEmptied) {
  prepare(folder_.path(), 1);
  crash_everywhere(
      folder_.path(), 40,
      [&](TestDisk& disk) {
        const auto collection = LocalCollection::open(folder_.path(), OpenMode::read_write).value();
        for (int64_t step = 1; step < 40; ++step) {
          ASSERT_TRUE(history_.take_step(*collection, step).ok());
          disk.acknowledge(step + 1);
        }
        auto emptied = Connection::open((folder_.path() / "library.db").string(), Access::read_write).value();
        ASSERT_TRUE(emptied->execute("PRAGMA wal_checkpoint(TRUNCATE)").ok());
      },
      [&](const fs::path& image, int64_t acknowledged, const std::string& where) {
        const int64_t steps = std::max<int64_t>(acknowledged, 1);
        expect_one_of(image, {history_.after(steps), history_.after(steps + 1)}, where);
      });
}

// One call fails, or all from one on: an error in words, what was acknowledged stays, and when the disk is
// well again the same process goes on.
TEST_F(Faults, AnyCallFails) {
  size_t all_calls = 0;
  // A step that failed while it was being synced may be there after all when the next process looks.
  struct Outcome {
    Content content;
    std::optional<Content> or_else;
  };
  const auto work = [&](const fs::path& folder, TestDisk& disk, Outcome& outcome) {
    Content& content = outcome.content;
    auto created = LocalCollection::create(folder, history_.schema());
    for (int retry = 0; retry < 2 && !created.ok(); ++retry)
      created = LocalCollection::exists(folder) ? LocalCollection::open(folder, OpenMode::read_write)
                                                : LocalCollection::create(folder, history_.schema());
    if (!created.ok()) return;
    for (int64_t step = 0; step < 9; ++step) {
      const auto taken = history_.take_step(**created, step);
      if (taken.ok()) {
        const Content before = content;
        history_.apply(step, content);
        // What erased nothing wrote nothing, and says nothing about the step before.
        if (content != before) outcome.or_else.reset();
        continue;
      }
      if (!outcome.or_else) history_.apply(step, outcome.or_else.emplace(content));
      EXPECT_TRUE(disk.has_failed()) << taken.error().message();
      EXPECT_THAT(taken.error().kind(), testing::AnyOf(ErrorKind::no_space, ErrorKind::io))
          << taken.error().message();
      EXPECT_EQ(content_of(**created), content) << "the same process goes on reading what was acknowledged";
    }
  };
  {
    TestDisk watched(folder_.path());
    Outcome outcome;
    work(folder_.path() / "store", watched, outcome);
    ASSERT_EQ(outcome.content, history_.after(9));
    all_calls = watched.calls();
    calls_ = all_calls;
  }
  using Failure = TestDisk::Failure;
  for (const Failure failure : {Failure::no_space, Failure::io, Failure::short_write})
    for (const bool forever : {false, true})
      for (const size_t moment : moments(all_calls, 30)) {
        const TestFolder folder;
        const fs::path store = folder.path() / "store";
        const std::string where = "call " + std::to_string(moment) + " fails by " +
                                  std::to_string(static_cast<int>(failure)) + (forever ? " for ever" : "");
        Outcome outcome;
        {
          TestDisk watched(folder.path());
          watched.fail(failure, moment, forever);
          work(store, watched, outcome);
          failures_ += watched.has_failed();
        }
        if (!LocalCollection::exists(store)) {
          ASSERT_TRUE(outcome.content.empty()) << where;
          continue;
        }
        expect_one_of(store, {outcome.content, outcome.or_else.value_or(outcome.content)}, where);
        if (HasFailure()) FAIL() << where;
      }
  EXPECT_GT(failures_, 50u);
}

}  // namespace
}  // namespace elanus::store_local
