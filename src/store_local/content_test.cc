// Records are found by their content wherever `content` and `content_new` have them, and by nothing that is
// no longer so.
#include <gmock/gmock.h>

#include "store_local/doctor.h"
#include "store_local/format.h"
#include "store_local/maintenance.h"
#include "store_local/test_folder.h"
#include "store_local/test_history.h"

namespace elanus::store_local {
namespace {

class Contents : public testing::Test {
 protected:
  static store::Picture contents_picture(int64_t id, const std::string& hash) {
    store::Picture picture;
    picture.path = "p" + std::to_string(id);
    picture.content_hash = hash;
    return picture;
  }

  // Records first to first + n - 1, of which two each have the same content.
  void write(int64_t first, int64_t n) {
    std::vector<store::Item> items;
    for (int64_t id = first; id < first + n; ++id)
      items.push_back({id, vector_, contents_picture(id, "h" + std::to_string(id / 2))});
    ASSERT_TRUE(collection_->upsert(items).ok());
  }

  std::vector<int64_t> found(const std::string& hash) {
    std::vector<int64_t> ids;
    const auto records = collection_->find_by_content(hash).value();
    for (const store::Record& record : records) ids.push_back(record.id);
    return ids;
  }

  int64_t number(const std::string& sql) {
    return Connection::open(files_.database.string(), Access::read_only).value()->integer(sql).value();
  }

  const TestFolder folder_;
  const Files files_{folder_.path()};
  const std::vector<float> vector_{1, 2, 3, 4};
  std::unique_ptr<LocalCollection> collection_ =
      LocalCollection::create(folder_.path(), {4, store::Metric::cosine, {}}).value();
};

TEST_F(Contents, AreFoundBeforeAndAfterTheyMove) {
  write(0, 20'000);
  EXPECT_EQ(number("SELECT count(*) FROM content"), 0);
  EXPECT_THAT(found("h77"), testing::ElementsAre(154, 155));
  write(20'000, 15'000);
  EXPECT_EQ(number("SELECT count(*) FROM content"), 35'000);
  EXPECT_EQ(number("SELECT count(*) FROM content_new"), 0);
  write(35'000, 10);
  EXPECT_THAT(found("h77"), testing::ElementsAre(154, 155));
  EXPECT_THAT(found("h17502"), testing::ElementsAre(35'004, 35'005));
  EXPECT_TRUE(collection_->check().ok());
}

TEST_F(Contents, OfWhatChangedAreNotFound) {
  write(0, 10);
  ASSERT_TRUE(collection_->erase(std::vector<int64_t>{0}).ok());
  EXPECT_THAT(found("h0"), testing::ElementsAre(1));
  write(0, 1);
  EXPECT_THAT(found("h0"), testing::ElementsAre(0, 1));
  ASSERT_TRUE(collection_->update(std::vector<store::Record>{{1, contents_picture(1, "h4")}}).ok());
  EXPECT_THAT(found("h0"), testing::ElementsAre(0));
  EXPECT_THAT(found("h4"), testing::ElementsAre(1, 8, 9));
  ASSERT_TRUE(collection_->update(std::vector<store::Record>{{1, contents_picture(1, "h0")}}).ok());
  EXPECT_THAT(found("h0"), testing::ElementsAre(0, 1)) << "as before";
  EXPECT_TRUE(collection_->check().ok());
  collection_.reset();
  ASSERT_TRUE(compact(folder_.path(), to_the_end).ok());
  EXPECT_EQ(number("SELECT count(*) FROM content"), 10) << "nothing of what is gone";
  collection_ = LocalCollection::open(folder_.path(), OpenMode::read_only).value();
  EXPECT_THAT(found("h0"), testing::ElementsAre(0, 1));
}

TEST_F(Contents, ThatAreLostAreNamedAndComeBack) {
  write(0, 10);
  ASSERT_TRUE(collection_->update(std::vector<store::Record>{{1, contents_picture(1, "other")}}).ok());
  for (const char* damage :
       {"DELETE FROM content_new WHERE slot = 3", "UPDATE content SET slot = 99 WHERE slot = 4",
        "INSERT INTO touched(slot, sum) VALUES(1, 1)"}) {
    collection_.reset();
    ASSERT_TRUE(Connection::open(files_.database.string(), Access::read_write).value()->execute(damage).ok());
    EXPECT_FALSE(examine(folder_.path(), false)->sound()) << damage;
    EXPECT_TRUE(examine(folder_.path(), true)->sound()) << damage;
    collection_ = LocalCollection::open(folder_.path(), OpenMode::read_write).value();
    EXPECT_TRUE(collection_->check().ok()) << damage;
    EXPECT_THAT(found("h2"), testing::ElementsAre(4, 5)) << damage;
    EXPECT_THAT(found("h1"), testing::ElementsAre(2, 3)) << damage;
  }
}

}  // namespace
}  // namespace elanus::store_local
