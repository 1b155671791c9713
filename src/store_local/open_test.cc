// Making, opening, refusing and dropping.
#include <sys/stat.h>

#include <fstream>

#include "store_local/child_process.h"
#include "store_local/test_library.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Open : public TestLibrary {
 protected:
  void expect_refused(ErrorKind kind, const std::string& words) {
    for (const OpenMode mode : {OpenMode::read_only, OpenMode::read_write}) {
      const auto opened = LocalCollection::open(files_.folder, mode);
      ASSERT_FALSE(opened.ok());
      EXPECT_EQ(opened.error().kind(), kind) << opened.error().message();
      EXPECT_THAT(opened.error().message(), HasSubstr(words));
    }
  }
  void sql(const char* statements) {
    auto connection = Connection::open(files_.database.string(), Access::read_write).value();
    const auto done = connection->execute(statements);
    ASSERT_TRUE(done.ok()) << done.error().message();
  }
  std::string database() const {
    std::ifstream file(files_.database, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void overwrite(const std::string& bytes) {
    std::ofstream(files_.database, std::ios::binary | std::ios::trunc) << bytes;
  }
};

TEST_F(Open, NothingThereSaysHowToMakeOne) {
  close();
  ASSERT_TRUE(LocalCollection::drop(files_.folder).ok());
  EXPECT_FALSE(LocalCollection::exists(files_.folder));
  expect_refused(ErrorKind::not_found, "elanus index");
  EXPECT_FALSE(fs::exists(files_.lock)) << "looking leaves nothing behind";
  EXPECT_EQ(LocalCollection::open(folder_.path() / "no such folder", OpenMode::read_only).error().kind(),
            ErrorKind::not_found);
}

TEST_F(Open, CreateRefusesWhatIsThere) {
  const store::Schema schema{3, store::Metric::cosine, {}};
  EXPECT_EQ(LocalCollection::create(files_.folder, schema).error().kind(), ErrorKind::busy);
  close();
  EXPECT_EQ(LocalCollection::create(files_.folder, schema).error().kind(), ErrorKind::already_exists);
  EXPECT_EQ(LocalCollection::create(folder_.path() / "x", {0, store::Metric::ip, {}}).error().kind(),
            ErrorKind::invalid_argument);
  EXPECT_FALSE(fs::exists(folder_.path() / "x"));
  std::ofstream(folder_.path() / "file") << "x";
  EXPECT_FALSE(LocalCollection::create(folder_.path() / "file", schema).ok());
}

TEST_F(Open, RemainsOfACrashWhileCreatingAreNoObstacle) {
  close();
  ASSERT_TRUE(LocalCollection::drop(files_.folder).ok());
  for (const fs::path& path :
       {files_.new_database, files_.log, files_.shared_memory, files_.index, files_.new_index})
    std::ofstream(path) << "remains";
  std::ofstream(files_.new_database.string() + "-journal") << "remains";
  reset();
  write(0, 600);
  expect_same_answers();
}

TEST_F(Open, OneWriterAndItsNameForTheOther) {
  const auto second = LocalCollection::open(files_.folder, OpenMode::read_write);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind(), ErrorKind::busy);
  EXPECT_THAT(second.error().message(), HasSubstr("process " + std::to_string(::getpid()) + " on "));
  EXPECT_THAT(second.error().message(), HasSubstr("store_local_test"));
  EXPECT_TRUE(LocalCollection::open(files_.folder, OpenMode::read_only).ok()) << "readers are not held back";
  EXPECT_EQ(LocalCollection::drop(files_.folder).error().kind(), ErrorKind::busy);
  EXPECT_TRUE(LocalCollection::exists(files_.folder));
}

TEST_F(Open, TheLockEndsWithItsProcess) {
  close();
  ChildProcess holder([&](const ChildProcess::Say& say) {
    const auto collection = LocalCollection::open(files_.folder, OpenMode::read_write);
    say(collection.ok());
    ::pause();
  });
  ASSERT_EQ(holder.hear(), 1);
  const auto refused = LocalCollection::open(files_.folder, OpenMode::read_write);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message(), HasSubstr("process " + std::to_string(holder.pid())));
  holder.kill();
  open(OpenMode::read_write);
}

TEST_F(Open, AReaderDoesNotWrite) {
  write(0, 3);
  const auto reader = LocalCollection::open(files_.folder, OpenMode::read_only).value();
  const auto stored = vector();
  store::Picture picture;
  picture.path = "new";
  const auto upserted = reader->upsert(std::vector<store::Item>{{std::nullopt, stored, picture}});
  ASSERT_FALSE(upserted.ok());
  EXPECT_EQ(upserted.error().kind(), ErrorKind::permission);
  EXPECT_THAT(upserted.error().message(), HasSubstr("reading only"));
  EXPECT_EQ(reader->erase(std::vector<int64_t>{1}).error().kind(), ErrorKind::permission);
  EXPECT_EQ(reader->update(std::vector<store::Record>{{1, picture}}).error().kind(), ErrorKind::permission);
}

TEST_F(Open, AFutureFormatIsRefusedInWords) {
  close();
  sql("PRAGMA user_version=9");
  expect_refused(
      ErrorKind::unsupported,
      "was written by a newer elanus (format 9, this program reads up to " + std::to_string(kFormat) + ")");
}

TEST_F(Open, AnotherProgramsDatabaseIsRefusedAndNotDropped) {
  close();
  sql("PRAGMA application_id=77");
  expect_refused(ErrorKind::mismatch, "another program");
  EXPECT_EQ(LocalCollection::drop(files_.folder).error().kind(), ErrorKind::mismatch);
  EXPECT_TRUE(LocalCollection::exists(files_.folder));
}

TEST_F(Open, AnEmptyOrMeaninglessFileIsCorrupt) {
  close();
  for (const std::string& bytes : {std::string(), std::string("not a database"), std::string(100'000, 'x')}) {
    overwrite(bytes);
    expect_refused(ErrorKind::corrupt, "restore it from a backup");
    EXPECT_EQ(LocalCollection::drop(files_.folder).error().kind(), ErrorKind::mismatch);
  }
}

TEST_F(Open, MissingOrSenselessMetaIsCorrupt) {
  close();
  const std::string whole = database();
  for (const char* damage :
       {"DELETE FROM meta WHERE key='dim'", "UPDATE meta SET value='0' WHERE key='dim'",
        "UPDATE meta SET value='70000' WHERE key='dim'", "UPDATE meta SET value='x' WHERE key='dim'",
        "UPDATE meta SET value='y' WHERE key='metric'", "UPDATE meta SET value='z' WHERE key='uuid'",
        "PRAGMA user_version=0"}) {
    overwrite(whole);
    sql(damage);
    expect_refused(ErrorKind::corrupt, "library.db");
  }
}

// Whatever is cut off or overwritten: an error or an answer, never a crash, and the store can be dropped.
TEST_F(Open, ADamagedDatabaseIsAnErrorAndNoCrash) {
  write(0, 300);
  close();
  const std::string whole = database();
  int refused = 0;
  for (int i = 0; i < 40; ++i) {
    std::string damaged = whole;
    if (i % 2 == 0) {
      damaged.resize(100 + random_() % (whole.size() - 100));
    } else {
      for (int k = 0; k < 200; ++k)
        damaged[100 + random_() % (whole.size() - 100)] = static_cast<char>(random_());
    }
    overwrite(damaged);
    fs::remove(files_.index);
    const auto opened = LocalCollection::open(files_.folder, OpenMode::read_write);
    if (!opened.ok()) {
      EXPECT_EQ(opened.error().kind(), ErrorKind::corrupt) << opened.error().message();
      ++refused;
      continue;
    }
    LocalCollection& collection = **opened;
    const auto checked = collection.check();
    if (!checked.ok()) {
      EXPECT_EQ(checked.error().kind(), ErrorKind::corrupt) << checked.error().message();
      ++refused;
    }
    static_cast<void>(collection.search(vector(), {5}));
    static_cast<void>(collection.for_each([](const store::Record&) { return true; }));
    static_cast<void>(collection.erase(std::vector<int64_t>{1, 2, 3}));
  }
  EXPECT_GT(refused, 10);
  overwrite(whole.substr(0, 20'000));
  EXPECT_TRUE(LocalCollection::drop(files_.folder).ok());
}

TEST_F(Open, ABackupMadeBySqliteIsAsGood) {
  write(0, 600);
  close();
  const auto backup = folder_.path() / "backup.db";
  sql(("VACUUM INTO '" + backup.string() + "'").c_str());
  for (const auto& path : {files_.database, files_.log, files_.shared_memory}) fs::remove(path);
  fs::rename(backup, files_.database);
  open(OpenMode::read_only);
  expect_same_answers();
  open(OpenMode::read_write);
  write(600, 600);
  const auto reader = LocalCollection::open(files_.folder, OpenMode::read_only).value();
  expect_same_answers(*reader);
  expect_same_answers();
}

TEST_F(Open, DropTakesOnlyItsOwnFiles) {
  write(0, 600);
  close();
  std::ofstream(files_.folder / "holiday.jpg") << "mine";
  ASSERT_TRUE(LocalCollection::drop(files_.folder).ok());
  int left = 0;
  for (const auto& entry : fs::directory_iterator(files_.folder)) {
    EXPECT_EQ(entry.path().filename(), "holiday.jpg");
    ++left;
  }
  EXPECT_EQ(left, 1);
  EXPECT_EQ(LocalCollection::drop(files_.folder).error().kind(), ErrorKind::not_found);
}

TEST_F(Open, StatsCountWhatIsThere) {
  write(0, 600);
  write(10, 5);
  erase({1, 2});
  const Stats stats = collection_->stats().value();
  EXPECT_EQ(stats.records, 598u);
  EXPECT_EQ(stats.dead_slots, 7u);
  EXPECT_GT(stats.database_bytes, 598u * 2 * kTestDim);
  EXPECT_EQ(stats.index_bytes, fs::file_size(files_.index));
  EXPECT_EQ(stats.format, kFormat);
  EXPECT_GT(stats.created_ns, int64_t{1'700'000'000} * 1'000'000'000);
}

// Other people's collections, and those on a disk that cannot be written.
TEST_F(Open, AFolderThatCannotBeWrittenCanBeRead) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to become a user who may only read";
  write(0, 600);
  close();
  fs::permissions(folder_.path(), fs::perms(0755));
  const auto read_as_nobody = [&] {
    ChildProcess child([&](const ChildProcess::Say& say) {
      if (::setgid(65534) != 0 || ::setuid(65534) != 0) return say(-1);
      const auto collection = LocalCollection::open(files_.folder, OpenMode::read_only);
      if (!collection.ok()) return say(-2);
      const auto hits = (*collection)->search(vector(), {16384});
      say(hits.ok() ? static_cast<int64_t>(hits->size()) : -3);
    });
    return child.hear().value_or(-4);
  };
  EXPECT_EQ(read_as_nobody(), 600) << "closed";
  fs::remove(files_.log);
  fs::remove(files_.shared_memory);
  EXPECT_EQ(read_as_nobody(), 600) << "only the database was copied";
  open(OpenMode::read_write);
  write(600, 10);
  EXPECT_EQ(read_as_nobody(), 610) << "while its owner writes";
}

}  // namespace
}  // namespace elanus::store_local
