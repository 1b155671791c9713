#include "ingest/missing.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "store/memory_collection.h"

namespace elanus::ingest {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MissingFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "missingXXXXXX";
    root_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(root_); }

  std::string store(const std::string& name) {
    const float vector[] = {1, 0};
    store::Item item;
    item.vector = vector;
    item.picture.path = root_ / name;
    EXPECT_TRUE(collection_->upsert(std::span(&item, 1)).ok());
    return item.picture.path;
  }
  void put(const std::string& name) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << "x";
  }
  Missing look(const std::unordered_set<std::string>& seen = {}) {
    return *find_missing(*collection_, {root_}, seen);
  }

  fs::path root_;
  std::unique_ptr<store::Collection> collection_ = *store::MemoryCollection::create({.dim = 2});
};

TEST_F(MissingFiles, DeletedFilesAreGoneAndSeenOnesAreNot) {
  put("there.jpg");
  store("there.jpg");
  store("deleted.jpg");
  store("deleted_folder/a.jpg");
  EXPECT_THAT(look({(root_ / "there.jpg").native()}).gone, ElementsAre(2, 3));
  EXPECT_THAT(look().gone, ElementsAre(2, 3)) << "a file that exists is never gone";
}

TEST_F(MissingFiles, AnEmptyFolderKeepsItsPictures) {
  put("there.jpg");
  store("usb/a.jpg");
  store("usb/deep/b.jpg");
  fs::create_directory(root_ / "usb");
  const Missing missing = look();
  EXPECT_THAT(missing.gone, IsEmpty());
  EXPECT_THAT(missing.notices, ElementsAre(HasSubstr("2 pictures")));
}

TEST_F(MissingFiles, RecordsElsewhereAreNotLookedAt) {
  put("there.jpg");
  store("a.jpg");
  const auto other = *find_missing(*collection_, {root_.native() + "x", (root_ / "a").native()}, {});
  EXPECT_THAT(other.gone, IsEmpty()) << "a root is a folder, not a prefix of a name";
}

TEST_F(MissingFiles, ARowThatIsGoneFromTheCsvIsGoneFromTheCollection) {
  std::vector<std::string> paths;
  for (const char* name : {"kept.jpg", "unreadable.jpg", "dropped.jpg", "by_folder.jpg", "other.jpg"}) {
    put(name);
    paths.push_back(store(name));
    store::Record record = *collection_->get(static_cast<int64_t>(paths.size()));
    record.picture.root = paths.size() == 5 ? "/other.csv" : "/table.csv";
    ASSERT_TRUE(collection_->update(std::span(&record, 1)).ok());
  }
  const Missing missing = *find_unlisted(*collection_, "/table.csv", {paths[0], paths[1]}, {paths[0], paths[3]});
  EXPECT_THAT(missing.gone, ElementsAre(3)) << "though its file is there";
  EXPECT_THAT(missing.notices, IsEmpty());
  const Missing cut_off = *find_unlisted(*collection_, "/table.csv", {}, {});
  EXPECT_THAT(cut_off.gone, IsEmpty());
  EXPECT_THAT(cut_off.notices, ElementsAre(HasSubstr("the 4 stored from it are kept")));
}

TEST_F(MissingFiles, AFolderThatCannotBeReadSaysNothing) {
  if (::geteuid() == 0) GTEST_SKIP() << "root can read every folder";
  put("closed/a.jpg");
  store("closed/a.jpg");
  fs::permissions(root_ / "closed", fs::perms::none);
  EXPECT_THAT(look().gone, IsEmpty());
  fs::permissions(root_ / "closed", fs::perms::owner_all);
}

}  // namespace
}  // namespace elanus::ingest
