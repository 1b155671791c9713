// Files that are torn, cut, bit-flipped, swapped or of the future: an answer that is right or an error in
// words, never a crash; and doctor names it. ELANUS_FAULTS=all tries many more; the numbers are printed.
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "store_local/doctor.h"
#include "store_local/format.h"
#include "store_local/test_folder.h"
#include "store_local/test_history.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;

std::string content_of_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void overwrite_file(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

class Damage : public testing::Test {
 protected:
  static constexpr int64_t kSteps = 9;
  static constexpr size_t kPage = 16384;

  Damage() { make(files_.folder, history_); }
  ~Damage() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    std::cout << "  " << test->name() << ": " << right_ << " right answers, " << named_ << " named, "
              << repaired_ << " repaired\n";
  }

  static void make(const fs::path& folder, const WriteHistory& history) {
    const auto collection = LocalCollection::create(folder, history.schema()).value();
    for (int64_t step = 0; step < kSteps; ++step) ASSERT_TRUE(history.take_step(*collection, step).ok());
  }

  // Reads everything there is. Whatever is found must be as it was written; what is not found must be named.
  void look(const std::string& where) {
    const auto opened = LocalCollection::open(files_.folder, OpenMode::read_only);
    if (!opened.ok()) return name(opened.error(), where);
    if (const auto checked = (*opened)->check(); !checked.ok()) return name(checked.error(), where);
    const Content content = content_of(**opened);
    EXPECT_EQ(content, history_.after(kSteps)) << where << ": nothing was said";
    expect_searchable(**opened, history_, content, 3);
    ++right_;
  }

  void name(const Error& error, const std::string& where) {
    EXPECT_THAT(error.kind(), testing::AnyOf(ErrorKind::corrupt, ErrorKind::mismatch, ErrorKind::unsupported))
        << where;
    EXPECT_THAT(error.message(), testing::HasSubstr("library")) << where;
    ++named_;
    // A file that is not ours to judge stays as it is.
    const auto diagnosis = examine(files_.folder, true);
    if (!diagnosis.ok()) {
      EXPECT_NE(diagnosis.error().kind(), ErrorKind::io) << where << ": " << diagnosis.error().message();
      return;
    }
    EXPECT_FALSE(diagnosis->findings.empty()) << where;
    // What doctor leaves behind is sound, and holds nothing that was never written.
    const auto opened = LocalCollection::open(files_.folder, OpenMode::read_write);
    ASSERT_TRUE(opened.ok()) << where << ": " << opened.error().message();
    EXPECT_TRUE((*opened)->check().ok()) << where << ": " << (*opened)->check().error().message();
    EXPECT_EQ((*opened)->count().value(), diagnosis->records) << where;
    ++repaired_;
  }

  void restore(const std::string& whole) {
    for (const auto& entry : fs::directory_iterator(files_.folder)) fs::remove_all(entry.path());
    overwrite_file(files_.database, whole);
  }

  static size_t tries(size_t few) { return std::getenv("ELANUS_FAULTS") != nullptr ? few * 20 : few; }

  const TestFolder folder_;
  const WriteHistory history_{256, 60};
  const Files files_{folder_.path() / "store"};
  std::mt19937_64 random_{7};
  size_t right_ = 0, named_ = 0, repaired_ = 0;
};

TEST_F(Damage, DatabaseThatIsCut) {
  const std::string whole = content_of_file(files_.database);
  for (size_t i = 0; i < tries(15) && !HasFailure(); ++i) {
    const size_t size = i % 2 == 0 ? random_() % whole.size() : random_() % (whole.size() / kPage) * kPage;
    restore(whole.substr(0, size));
    look("cut to " + std::to_string(size));
  }
  EXPECT_EQ(right_, 0u);
  EXPECT_GT(repaired_, 2u);
}

TEST_F(Damage, DatabaseWithPagesOverwrittenSwappedOrOld) {
  const std::string whole = content_of_file(files_.database);
  const size_t pages = whole.size() / kPage;
  for (size_t i = 0; i < tries(20) && !HasFailure(); ++i) {
    std::string bytes = whole;
    const size_t at = (1 + random_() % (pages - 1)) * kPage, other = (1 + random_() % (pages - 1)) * kPage;
    if (i % 3 == 0)
      for (size_t k = 0; k < kPage; ++k) bytes[at + k] = static_cast<char>(random_());
    if (i % 3 == 1) bytes.replace(at, kPage, whole, other, kPage);
    if (i % 3 == 2) bytes.replace(at, kPage, kPage, '\0');
    restore(bytes);
    look("page at " + std::to_string(at) + " and " + std::to_string(other) + ", way " +
         std::to_string(i % 3));
  }
}

TEST_F(Damage, DatabaseOfAnotherStoreOrOfTheFuture) {
  const std::string whole = content_of_file(files_.database);
  const WriteHistory other(32, 10);
  make(folder_.path() / "other", other);
  // The other one's log beside this database, and the reverse.
  const std::string strange = content_of_file(folder_.path() / "other/library.db");
  overwrite_file(files_.log, strange.substr(0, strange.size() / 2));
  look("another file as the log");
  restore(strange);
  const auto swapped = LocalCollection::open(files_.folder, OpenMode::read_write).value();
  EXPECT_EQ(content_of(*swapped), other.after(kSteps));
  restore(whole);
  {
    const auto connection = Connection::open(files_.database.string(), Access::read_write).value();
    ASSERT_TRUE(connection->execute("PRAGMA user_version=99").ok());
  }
  const auto future = LocalCollection::open(files_.folder, OpenMode::read_write);
  EXPECT_EQ(future.error().kind(), ErrorKind::unsupported);
  EXPECT_EQ(examine(files_.folder, true).error().kind(), ErrorKind::unsupported)
      << "doctor does not touch it";
  EXPECT_EQ(content_of_file(files_.database).substr(kPage), whole.substr(kPage));
}

// What SQLite itself does not see: a bit that flips inside a vector or a text. Every read of it is an error
// in words, and doctor names the picture.
TEST_F(Damage, BitsFlippedInsideRows) {
  const std::string whole = content_of_file(files_.database);
  for (size_t i = 0; i < tries(12) && !HasFailure(); ++i) {
    restore(whole);
    int64_t id = 0;
    std::string path;
    {
      const auto connection = Connection::open(files_.database.string(), Access::read_write).value();
      Statement some =
          connection->prepare("SELECT slot, id, path FROM image ORDER BY slot LIMIT 1 OFFSET ?").value();
      ASSERT_TRUE(some.bind(1, static_cast<int64_t>(random_() % 60)).step().value());
      const std::string slot = std::to_string(some.integer(0));
      id = some.integer(1);
      path = some.bytes(2);
      some.reset();
      const std::string at = std::to_string(1 + random_() % (2 * history_.schema().dim));
      const std::string flipped_vector = "UPDATE vec SET v = CAST(substr(v, 1, " + at +
                                         " - 1) || x'5a' || substr(v, " + at +
                                         " + 1) AS BLOB) WHERE slot = " + slot;
      const std::string change = i % 3 == 0   ? "UPDATE image SET size = size + 64 WHERE slot = " + slot
                                 : i % 3 == 1 ? "UPDATE image SET camera = 'b' WHERE slot = " + slot
                                              : flipped_vector;
      ASSERT_TRUE(connection->execute(change.c_str()).ok())
          << connection->execute(change.c_str()).error().message();
    }
    {
      const auto opened = LocalCollection::open(files_.folder, OpenMode::read_only).value();
      const bool of_vector = i % 3 == 2;
      const auto damaged = of_vector ? opened->vector(id).error() : opened->get(id).error();
      EXPECT_EQ(damaged.kind(), ErrorKind::corrupt);
      EXPECT_THAT(damaged.message(), testing::HasSubstr("elanus doctor"));
      const auto found = opened->search(std::vector<float>(history_.schema().dim, 1.0f), {16384});
      EXPECT_EQ(found.error().kind(), ErrorKind::corrupt) << "never a wrong neighbour";
    }
    const auto diagnosis = examine(files_.folder, false).value();
    EXPECT_THAT(diagnosis.findings,
                testing::Contains(testing::Field(&Finding::what, testing::HasSubstr(path))));
    look("a bit in " + path);
    const auto mended = LocalCollection::open(files_.folder, OpenMode::read_write).value();
    Content expected = history_.after(kSteps);
    expected.erase(id);
    EXPECT_EQ(content_of(*mended), expected) << "the others are untouched";
  }
  EXPECT_EQ(right_, 0u);
}

// The mapped copy has what the database lost.
TEST_F(Damage, VectorsAreTakenBackFromTheCopy) {
  const WriteHistory wide(8192, 50);
  const fs::path folder = folder_.path() / "wide";
  {
    const auto collection = LocalCollection::create(folder, wide.schema()).value();
    for (int64_t step = 0; step < 5; ++step) ASSERT_TRUE(wide.take_step(*collection, step).ok());
  }
  {
    const auto connection = Connection::open((folder / "library.db").string(), Access::read_write).value();
    ASSERT_TRUE(
        connection->execute("UPDATE vec SET v = zeroblob(16384) WHERE slot IN (SELECT slot FROM vec LIMIT 2)")
            .ok());
  }
  EXPECT_FALSE(examine(folder, false)->sound());
  EXPECT_TRUE(examine(folder, true)->sound());
  EXPECT_TRUE(examine(folder, false)->sound());
  const auto mended = LocalCollection::open(folder, OpenMode::read_only).value();
  EXPECT_EQ(content_of(*mended), wide.after(5)) << "nothing was lost";
  expect_searchable(*mended, wide, wide.after(5), 3);
}

// Halves of records: what no crash leaves behind, and doctor mends all the same.
TEST_F(Damage, RecordsAndVectorsThatDoNotFit) {
  const std::string whole = content_of_file(files_.database);
  for (const char* damage :
       {"DELETE FROM vec WHERE slot IN (SELECT slot FROM vec LIMIT 3)",
        "DELETE FROM image WHERE slot IN (SELECT slot FROM image LIMIT 3)",
        "UPDATE vec SET v = zeroblob(7) WHERE slot IN (SELECT slot FROM vec LIMIT 3)",
        "DELETE FROM dead WHERE seq > 2", "INSERT INTO vec(slot, v) VALUES(99999, zeroblob(512))"}) {
    restore(whole);
    {
      const auto connection = Connection::open(files_.database.string(), Access::read_write).value();
      ASSERT_TRUE(connection->execute(damage).ok()) << damage;
    }
    look(damage);
    const auto mended = LocalCollection::open(files_.folder, OpenMode::read_write).value();
    const Content content = content_of(*mended);
    EXPECT_GE(content.size() + 3, history_.after(kSteps).size()) << damage;
    for (const auto& [id, step] : content) EXPECT_EQ(history_.after(kSteps).at(id), step) << damage;
    expect_searchable(*mended, history_, content, 5);
  }
  EXPECT_EQ(repaired_, 5u);
}

}  // namespace
}  // namespace elanus::store_local
