#include "store_local/local_collection.h"

#include <filesystem>

#include "store/filter_contract.h"
#include "store_local/test_folder.h"

namespace elanus::store_local {
namespace {

using store::CollectionContract;
using store::FilterContract;
using store::Schema;

class OnDisk final : public store::StoreUnderTest {
 public:
  OnDisk(const Schema& schema, Paths paths)
      : collection_(LocalCollection::create(folder_.path(), schema, paths).value()) {}
  store::Collection& collection() override { return *collection_; }
  void reopen() override {
    collection_.reset();
    collection_ = LocalCollection::open(folder_.path(), OpenMode::read_write).value();
    EXPECT_TRUE(collection_->check().ok()) << collection_->check().error().message();
  }

 private:
  TestFolder folder_;
  std::unique_ptr<LocalCollection> collection_;
};

const store::StoreFactory kLocal{
    "local", [](const Schema& schema) { return std::make_unique<OnDisk>(schema, Paths::absolute); }};
const store::StoreFactory kPortable{
    "portable", [](const Schema& schema) { return std::make_unique<OnDisk>(schema, Paths::portable); }};
INSTANTIATE_TEST_SUITE_P(Local, CollectionContract, testing::Values(kLocal, kPortable));
INSTANTIATE_TEST_SUITE_P(Local, FilterContract, testing::Values(kLocal, kPortable));

// A folder with pictures and their store is moved: the records are of the pictures where they are now.
TEST(Portable, MovesWithItsPictures) {
  const TestFolder folder;
  const auto home = folder.path() / "a", moved = folder.path() / "b" / "c";
  const std::vector<float> vector{1, 2, 3};
  const auto path = [](const std::filesystem::path& base, const char* name) {
    return (base / name).string();
  };
  {
    const auto collection =
        LocalCollection::create(home / ".elanus", {3, store::Metric::cosine, {}}, Paths::portable).value();
    const std::vector<std::string> names{path(home, "x.jpg"),
                                         path(home, "deep/y.png"),
                                         "/elsewhere/z.jpg",
                                         home.string() + "z.jpg",
                                         home.string() + "//odd.jpg",
                                         "./dot",
                                         ".//dots",
                                         "plain"};
    for (const std::string& name : names) {
      store::Picture picture;
      picture.path = name;
      picture.root = home.string();
      ASSERT_TRUE(collection->upsert(std::vector<store::Item>{{std::nullopt, vector, picture}}).ok());
      EXPECT_EQ(collection->find_by_path(name).value()->picture, picture) << name;
    }
  }
  std::filesystem::create_directories(moved.parent_path());
  std::filesystem::rename(home, moved);
  const auto collection = LocalCollection::open(moved / ".elanus", OpenMode::read_write).value();
  EXPECT_EQ(collection->get(1)->picture.path, path(moved, "x.jpg"));
  EXPECT_EQ(collection->get(1)->picture.root, moved.string());
  EXPECT_EQ(collection->find_by_path(path(moved, "deep/y.png")).value()->id, 2);
  EXPECT_FALSE(collection->find_by_path(path(home, "x.jpg")).value());
  EXPECT_EQ(collection->get(3)->picture.path, "/elsewhere/z.jpg");
  EXPECT_EQ(collection->get(4)->picture.path, home.string() + "z.jpg") << "a sibling is not below";
  EXPECT_EQ(collection->get(6)->picture.path, "./dot");
  const store::Filter below{
      store::TextIs{store::TextField::path, store::TextMatch::prefix, moved.string() + "/"}};
  EXPECT_THAT(collection->search(vector, {10, below}).value(), testing::SizeIs(2));
  EXPECT_EQ(collection->upsert(std::vector<store::Item>{{std::nullopt, vector, collection->get(1)->picture}})
                .value()
                .at(0),
            1)
      << "the same picture, not a new one";
  EXPECT_TRUE(collection->check().ok());
}

}  // namespace
}  // namespace elanus::store_local
