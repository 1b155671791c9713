#include "store_local/maintenance.h"

#include <fstream>

#include "store/merge.h"
#include "store_local/child_process.h"
#include "store_local/doctor.h"
#include "store_local/format.h"
#include "store_local/test_folder.h"
#include "store_local/test_history.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;

// Long random lives: writes, compactions, backups put back, library.idx lost, and a reader that is open
// through all of it, beside a std::map that says what there is.
TEST(LongLife, AgreesWithAMap) {
  const WriteHistory history(64, 40);
  for (const uint64_t seed : {1, 2, 3}) {
    std::mt19937_64 random(seed);
    const TestFolder folder, copies;
    const fs::path store = folder.path() / "store";
    auto writer = LocalCollection::create(store, history.schema()).value();
    const auto reader = LocalCollection::open(store, OpenMode::read_only).value();
    Content content;
    int compactions = 0;
    for (int64_t step = 0; step < 80 && !testing::Test::HasFailure(); ++step) {
      ASSERT_TRUE(history.take_step(*writer, step).ok());
      history.apply(step, content);
      if (random() % 8 == 0) {
        writer.reset();
        const auto done = compact(store, to_the_end);
        ASSERT_TRUE(done.ok()) << done.error().message();
        EXPECT_EQ(done->records, content.size());
        ++compactions;
        if (random() % 2 == 0) fs::remove(store / "library.idx");
        writer = LocalCollection::open(store, OpenMode::read_write).value();
      }
      // Some versions pass a reader by.
      if (random() % 4 != 0) continue;
      EXPECT_EQ(content_of(*reader), content);
      expect_searchable(*reader, history, content, 7);
      const fs::path copy = copies.path() / std::to_string(step);
      const auto copied = backup(store, copy, [](uint64_t, uint64_t) { return true; });
      ASSERT_TRUE(copied.ok()) << copied.error().message();
      EXPECT_EQ(content_of(*LocalCollection::open(copy, OpenMode::read_only).value()), content);
    }
    EXPECT_GT(compactions, 3);
    EXPECT_TRUE(writer->check().ok());
  }
}

class Maintenance : public testing::Test {
 protected:
  Maintenance() {
    collection_ = LocalCollection::create(store_, history_.schema()).value();
    for (int64_t step = 0; step < 9; ++step) EXPECT_TRUE(history_.take_step(*collection_, step).ok());
  }

  const TestFolder folder_;
  const fs::path store_ = folder_.path() / "store";
  const WriteHistory history_{64, 500};
  std::unique_ptr<LocalCollection> collection_;
};

TEST_F(Maintenance, CompactGivesTheRoomBack) {
  const auto before = collection_->stats().value();
  EXPECT_GT(before.dead_slots, 500u);
  EXPECT_EQ(compact(store_, to_the_end).error().kind(), ErrorKind::busy) << "somebody writes";
  collection_.reset();
  const auto report = compact(store_, to_the_end).value();
  EXPECT_EQ(report.dead_slots, before.dead_slots);
  EXPECT_LT(report.bytes_after, report.bytes_before);
  collection_ = LocalCollection::open(store_, OpenMode::read_write).value();
  EXPECT_EQ(collection_->stats()->dead_slots, 0u);
  EXPECT_EQ(content_of(*collection_), history_.after(9));
  EXPECT_TRUE(collection_->check().ok());
  expect_searchable(*collection_, history_, history_.after(9), 11);
}

TEST_F(Maintenance, ACompactThatIsStoppedLosesNothing) {
  collection_.reset();
  for (int asked = 0;; asked += 5) {
    int left = asked;
    uint64_t reached = 0;
    const auto report = compact(store_, [&](uint64_t done, uint64_t all) {
      EXPECT_GE(done, std::exchange(reached, done));
      EXPECT_LE(done, all);
      return left-- > 0;
    });
    collection_ = LocalCollection::open(store_, OpenMode::read_write).value();
    EXPECT_EQ(content_of(*collection_), history_.after(9));
    EXPECT_TRUE(collection_->check().ok());
    expect_searchable(*collection_, history_, history_.after(9), 101);
    collection_.reset();
    ASSERT_FALSE(HasFailure()) << asked;
    if (report.ok()) break;
    EXPECT_EQ(report.error().kind(), ErrorKind::cancelled);
  }
  EXPECT_EQ(LocalCollection::open(store_, OpenMode::read_only).value()->stats()->dead_slots, 0u);
}

TEST_F(Maintenance, ABackupThatIsStoppedLeavesNoCopy) {
  const fs::path copy = folder_.path() / "copy";
  const auto stopped = backup(store_, copy, [](uint64_t, uint64_t) { return false; });
  // A small collection may be copied before anybody is asked.
  if (!stopped.ok()) {
    EXPECT_EQ(stopped.error().kind(), ErrorKind::cancelled);
    EXPECT_FALSE(LocalCollection::exists(copy));
    EXPECT_FALSE(fs::exists(copy / "library.db.new"));
  }
  EXPECT_EQ(backup(store_, store_, [](auto, auto) { return true; }).error().kind(), ErrorKind::busy);
  EXPECT_EQ(backup(folder_.path(), copy, [](auto, auto) { return true; }).error().kind(),
            ErrorKind::not_found);
}

TEST_F(Maintenance, MergeTakesTheLaterFileAndFreeIds) {
  const auto other = LocalCollection::create(folder_.path() / "other", history_.schema()).value();
  const auto put = [&](LocalCollection& into, int64_t id, const char* path, int64_t mtime_ns, int64_t step) {
    const auto vector = history_.vector_of(id, step);
    store::Picture picture;
    picture.path = path;
    picture.mtime_ns = mtime_ns;
    EXPECT_TRUE(into.upsert(std::vector<store::Item>{{id, vector, picture}}).ok());
  };
  const auto target = LocalCollection::create(folder_.path() / "target", history_.schema()).value();
  put(*target, 1, "same", 5, 1);
  put(*target, 2, "older here", 5, 1);
  put(*target, 3, "newer here", 9, 1);
  put(*other, 1, "same", 5, 2);
  put(*other, 7, "older here", 6, 2);
  put(*other, 8, "newer here", 8, 2);
  put(*other, 2, "new, its id is taken", 1, 2);
  put(*other, 50, "new", 1, 2);
  const auto go_on = [](uint64_t) { return true; };
  const auto report = store::merge(*other, *target, go_on).value();
  EXPECT_EQ(report.added, 2u);
  EXPECT_EQ(report.replaced, 1u);
  EXPECT_EQ(report.kept, 2u);
  EXPECT_EQ(target->get(2)->picture.mtime_ns, 6);
  EXPECT_EQ(target->get(3)->picture.mtime_ns, 9);
  EXPECT_EQ(target->get(50)->picture.path, "new");
  EXPECT_EQ(target->get(51)->picture.path, "new, its id is taken");
  EXPECT_EQ(target->search(history_.vector_of(7, 2), {1})->at(0).id, 2) << "the vector came along";
  EXPECT_EQ(store::merge(*other, *target, go_on)->kept, 5u) << "again changes nothing";
  EXPECT_EQ(store::merge(*collection_, *target, [](uint64_t) { return false; }).error().kind(),
            ErrorKind::cancelled);
  EXPECT_EQ(store::merge(*collection_, *target, go_on)->kept, 1000u) << "and goes on where it stopped";
}

// Readers that are killed while they hold a transaction and map the index keep nobody from writing or
// compacting.
TEST_F(Maintenance, ReadersKilledInTheMiddleLeaveNothingLocked) {
  collection_.reset();
  for (int round = 0; round < 3; ++round) {
    ChildProcess reader([&](const ChildProcess::Say& say) {
      const auto mine = LocalCollection::open(store_, OpenMode::read_only);
      static_cast<void>((*mine)->for_each([&](const store::Record&) {
        say(1);
        ::pause();
        return true;
      }));
    });
    ASSERT_EQ(reader.hear(), 1);
    auto writer = LocalCollection::open(store_, OpenMode::read_write).value();
    ASSERT_TRUE(history_.take_step(*writer, 9 + round).ok()) << "while it reads";
    reader.kill();
    writer.reset();
    ASSERT_TRUE(compact(store_, to_the_end).ok());
    EXPECT_EQ(content_of(*LocalCollection::open(store_, OpenMode::read_only).value()),
              history_.after(10 + round));
  }
}

TEST_F(Maintenance, DoctorMakesIndexesAnew) {
  collection_.reset();
  {
    const Files files(store_);
    const auto connection = Connection::open(files.database.string(), Access::read_write).value();
    // The index over ids forgets rows, as a lost write could leave it: under another name it can be written.
    const auto root = static_cast<int>(
        connection->integer("SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_image_1'")
            .value());
    ASSERT_GT(root, 0);
    sqlite3_test_control(SQLITE_TESTCTRL_IMPOSTER, connection->handle(), "main", 1, root);
    ASSERT_TRUE(
        connection->execute("CREATE TABLE imposter(id, slot, PRIMARY KEY(id, slot)) WITHOUT ROWID").ok());
    sqlite3_test_control(SQLITE_TESTCTRL_IMPOSTER, connection->handle(), "main", 0, 0);
    ASSERT_TRUE(connection->execute("DELETE FROM imposter WHERE slot % 3 = 0").ok());
  }
  EXPECT_FALSE(examine(store_, false)->sound());
  const auto repaired = examine(store_, true);
  ASSERT_TRUE(repaired.ok()) << repaired.error().message();
  EXPECT_TRUE(repaired->sound());
  EXPECT_EQ(content_of(*LocalCollection::open(store_, OpenMode::read_write).value()), history_.after(9));
}

TEST_F(Maintenance, DoctorMakesTheIndexFileAnew) {
  collection_.reset();
  std::ofstream(store_ / "library.idx") << "no index";
  std::ofstream(store_ / "library.idx.new") << "remains";
  const auto looked = examine(store_, false).value();
  EXPECT_FALSE(looked.sound());
  EXPECT_EQ(looked.records, history_.after(9).size());
  EXPECT_TRUE(examine(store_, true)->sound());
  EXPECT_FALSE(fs::exists(store_ / "library.idx.new"));
  EXPECT_TRUE(examine(store_, false)->sound());
  EXPECT_EQ(examine(folder_.path(), true).error().kind(), ErrorKind::not_found);
}

}  // namespace
}  // namespace elanus::store_local
