// Filters over the columns of library.idx, of rows in memory, and of records that changed since: what they
// keep is what store::matches says.
#include "store_local/filter_rows.h"

#include <fstream>

#include "store/test_filters.h"
#include "store_local/index_file.h"
#include "store_local/test_library.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;

class FilterRowsOf : public TestLibrary {
 protected:
  // Records first to first + n - 1, with pictures drawn at random.
  void draw(int64_t first, int64_t n) {
    std::vector<std::vector<float>> vectors;
    std::vector<store::Item> items;
    for (int64_t i = 0; i < n; ++i) vectors.push_back(vector());
    for (int64_t i = 0; i < n; ++i)
      items.push_back(
          {first + i, vectors[static_cast<size_t>(i)], filters_.picture(static_cast<int>(first + i))});
    ASSERT_TRUE(oracle_->upsert(items).ok());
    ASSERT_TRUE(collection_->upsert(items).ok());
  }

  // Their pictures change, their vectors and slots stay.
  void redraw(int64_t first, int64_t n, int64_t step) {
    std::vector<store::Record> records;
    for (int64_t id = first; id < first + n * step; id += step) {
      store::Picture picture = filters_.picture(static_cast<int>(id));
      picture.path += "." + std::to_string(++changes_) + (id % 2 == 0 ? ".PNG" : "");
      records.push_back({id, picture});
    }
    ASSERT_TRUE(oracle_->update(records).ok());
    ASSERT_TRUE(collection_->update(records).ok());
  }

  static std::vector<int64_t> found(const store::Collection& collection, const store::Filter& filter) {
    std::vector<float> query(kTestDim, 1.0f);
    const auto hits = collection.search(query, {4096, filter});
    EXPECT_TRUE(hits.ok()) << hits.error().message();
    std::vector<int64_t> ids;
    if (hits.ok())
      for (const store::Hit& hit : *hits) ids.push_back(hit.id);
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  void expect_same_filters(const LocalCollection& collection, int n) {
    for (int i = 0; i < n; ++i) {
      const store::Filter filter = filters_.filter(2);
      ASSERT_EQ(found(collection, filter), found(*oracle_, filter)) << "filter " << i;
    }
  }
  void expect_same_filters(int n) { expect_same_filters(*collection_, n); }

  store::RandomFilters filters_{3};
  int changes_ = 0;
};

TEST_F(FilterRowsOf, TheFileAndOfMemory) {
  draw(0, 700);
  ASSERT_TRUE(fs::exists(files_.index));
  draw(700, 500);
  expect_same_filters(60);
  open(OpenMode::read_only);
  expect_same_filters(60);
}

TEST_F(FilterRowsOf, RecordsThatChangedInTheirSlots) {
  draw(0, 1200);
  open(OpenMode::read_write);
  const auto reader = LocalCollection::open(files_.folder, OpenMode::read_only).value();
  expect_same_filters(*reader, 3);
  for (int round = 0; round < 6; ++round) {
    redraw(round * 31, 30, 1 + round * 7);
    expect_same_filters(15);
    expect_same_filters(*reader, 15);
  }
  erase({31, 62, 1199});
  redraw(32, 20, 1);
  expect_same_filters(15);
  open(OpenMode::read_only);
  expect_same_filters(15);
}

// So many changes make a new file, which knows them.
TEST_F(FilterRowsOf, ManyChanges) {
  draw(0, 1100);
  for (int round = 0; round < 2; ++round) redraw(0, 1000, 1);
  EXPECT_EQ(changes_, 2000);
  open(OpenMode::read_write);
  expect_same_filters(20);
  const auto connection = Connection::open(files_.database.string(), Access::read_only).value();
  const Identity identity = read_identity(*connection, files_).value();
  const auto index = map_index(files_, identity, History::read(*connection).value(), nullptr);
  ASSERT_TRUE(index && !index->image.segments.empty());
  EXPECT_GT(index->touched(read_version(*connection).value()), 1500);
}

// A backup is put back and only updates follow: the columns of the undone future do not count.
TEST_F(FilterRowsOf, ARestoredBackupThatOnlyChangesRecords) {
  draw(0, 600);
  close();
  const fs::path backup = folder_.path() / "backup.db";
  fs::copy_file(files_.database, backup);
  open(OpenMode::read_write);
  for (int round = 0; round < 3; ++round)
    for (int64_t id = 0; id < 500; ++id) {
      store::Picture picture = oracle_->get(id).value().picture;
      picture.size = 4'000'000 + round;
      ASSERT_TRUE(collection_->update(std::vector<store::Record>{{id, picture}}).ok());
    }
  open(OpenMode::read_write);
  const store::Filter undone{store::NumberIs{store::NumberField::size, store::Comparison::ge, 4'000'000}};
  EXPECT_EQ(found(*collection_, undone).size(), 500u);
  close();
  fs::copy_file(backup, files_.database, fs::copy_options::overwrite_existing);
  for (const fs::path& log : {files_.log, files_.shared_memory}) fs::remove(log);
  open(OpenMode::read_write);
  redraw(0, 3, 1);
  EXPECT_TRUE(found(*collection_, undone).empty());
  expect_same_filters(20);
}

TEST_F(FilterRowsOf, DamagedColumnsAreNeverBelieved) {
  draw(0, 600);
  draw(600, 600);
  close();
  std::string whole;
  {
    std::ifstream file(files_.index, std::ios::binary);
    whole.assign(std::istreambuf_iterator<char>(file), {});
  }
  const auto column_at = [&](size_t column) {
    const auto connection = Connection::open(files_.database.string(), Access::read_only).value();
    const Identity identity = read_identity(*connection, files_).value();
    const auto index = map_index(files_, identity, History::read(*connection).value(), nullptr);
    return static_cast<size_t>(index->image.segments.at(0).column_bytes[column].data() -
                               index->file->bytes().data());
  };
  for (size_t column = 0; column < kAttributeColumns; ++column) {
    std::string damaged = whole;
    damaged[column_at(column) + 5] ^= 0x40;
    std::ofstream(files_.index, std::ios::binary | std::ios::trunc) << damaged;
    open(OpenMode::read_only);
    expect_same_filters(25);
    expect_same_answers();
    close();
    std::ofstream(files_.index, std::ios::binary | std::ios::trunc) << whole;
  }
}

}  // namespace
}  // namespace elanus::store_local
