// The power goes at any call that changes a file, and any such call fails: nothing that was acknowledged is
// lost, nothing else is half there, and every search answers rightly.
#include <thread>

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

// What the log holds goes into the database itself: after many small commits, and when it is asked for.
TEST_F(Faults, PowerLostWhileTheLogIsEmptied) {
  prepare(folder_.path(), 1);
  crash_everywhere(
      folder_.path(), 40,
      [&](TestDisk& disk) {
        const auto collection = LocalCollection::open(folder_.path(), OpenMode::read_write).value();
        const auto log_size = [&] { return fs::file_size(folder_.path() / "library.db-wal"); };
        for (int64_t step = 1; step < 50; ++step) {
          ASSERT_TRUE(history_.take_step(*collection, step).ok());
          disk.acknowledge(step + 1);
        }
        const auto size_of_49 = log_size();
        for (int64_t step = 50; step < 80; ++step) {
          ASSERT_TRUE(history_.take_step(*collection, step).ok());
          disk.acknowledge(step + 1);
        }
        ASSERT_LT(log_size(), 3 * size_of_49 / 2) << "the log did not begin anew";
        auto emptied = Connection::open((folder_.path() / "library.db").string(), Access::read_write).value();
        ASSERT_TRUE(emptied->execute("PRAGMA wal_checkpoint(TRUNCATE)").ok());
      },
      [&](const fs::path& image, int64_t acknowledged, const std::string& where) {
        const int64_t steps = std::max<int64_t>(acknowledged, 1);
        expect_one_of(image, {history_.after(steps), history_.after(steps + 1)}, where);
      });
}

TEST_F(Faults, AnyCallFails) { fail_everywhere(9, {}, 30); }

// The same, while a thread puts each commit's pages into library.db and its rows into library.idx.
class FaultsBesideUpkeep : public Faults {
 protected:
  // 128 slots of 4096 values are a segment.
  FaultsBesideUpkeep() : Faults({4096, 50}) {}

  static constexpr UpkeepLimits kAtOnce{1, 0};
};

TEST_F(FaultsBesideUpkeep, PowerLost) {
  prepare(folder_.path(), 1);
  const Files files(folder_.path());
  const auto database_at_first = fs::file_size(files.database);
  crash_everywhere(
      folder_.path(), 20,
      [&](TestDisk& disk) {
        const auto collection = LocalCollection::open(folder_.path(), OpenMode::read_write, kAtOnce).value();
        for (int64_t step = 1; step < 7; ++step) {
          ASSERT_TRUE(history_.take_step(*collection, step).ok());
          disk.acknowledge(step + 1);
        }
        const auto worked = [&] {
          return fs::file_size(files.database) > database_at_first && fs::exists(files.index);
        };
        for (int waits = 0; waits < 5000 && !worked(); ++waits)
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
        ASSERT_TRUE(worked()) << "nothing was done in the background";
        ASSERT_TRUE(history_.take_step(*collection, 7).ok());
        disk.acknowledge(8);
      },
      [&](const fs::path& image, int64_t acknowledged, const std::string& where) {
        const int64_t steps = std::max<int64_t>(acknowledged, 1);
        expect_one_of(image, {history_.after(steps), history_.after(steps + 1)}, where);
      });
}

TEST_F(FaultsBesideUpkeep, AnyCallFails) { fail_everywhere(6, kAtOnce, 8); }

}  // namespace
}  // namespace elanus::store_local
