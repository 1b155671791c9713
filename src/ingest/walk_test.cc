#include "ingest/walk.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

namespace elanus::ingest {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Walk : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "walkXXXXXX";
    root_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(root_); }

  void put(const std::string& name, const std::string& content = "x") {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << content;
  }
  std::vector<std::string> names(const WalkOptions& options = {}) {
    auto result = walk(root_, options);
    std::vector<std::string> found;
    for (const auto& file : result->files) found.push_back(file.path.substr(root_.native().size() + 1));
    problems_ = result->problems;
    return found;
  }

  fs::path root_;
  std::vector<WalkProblem> problems_;
};

TEST_F(Walk, NaturalOrderAndOnlyPictures) {
  put("img10.jpg");
  put("img2.jpg");
  put("img1.PNG");
  put("notes.txt", "words");
  put("b/c.gif");
  put("no_suffix", "\x89PNG\r\n\x1a\n and so on");
  EXPECT_THAT(names(), ElementsAre("b/c.gif", "img1.PNG", "img2.jpg", "img10.jpg", "no_suffix"));
}

TEST_F(Walk, HiddenAndExcludedFolders) {
  put(".git/a.jpg");
  put(".hidden/a.jpg");
  put("node_modules/a.jpg");
  put("b.jpg");
  EXPECT_THAT(names(), ElementsAre("b.jpg"));
  EXPECT_THAT(names({.exclude_dirs = {}, .include_hidden = true}),
              ElementsAre(".git/a.jpg", ".hidden/a.jpg", "b.jpg", "node_modules/a.jpg"));
}

TEST_F(Walk, LinkLoopsEndAndFoldersAreReadOnce) {
  put("a/x.jpg");
  fs::create_directory_symlink(root_, root_ / "a" / "up");
  fs::create_directory_symlink(root_ / "a", root_ / "z");
  fs::create_symlink(root_ / "a" / "x.jpg", root_ / "link.jpg");
  fs::create_symlink("nowhere", root_ / "gone.jpg");
  EXPECT_THAT(names(), ElementsAre("a/x.jpg", "link.jpg"));
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_THAT(problems_[0].path, HasSubstr("gone.jpg"));
  EXPECT_THAT(problems_[0].reason, HasSubstr("No such file"));
}

TEST_F(Walk, NamesWithAnyBytesAndThingsThatAreNoFiles) {
  put("new\nline \xff.jpg");
  ASSERT_EQ(::mkfifo((root_ / "pipe.jpg").c_str(), 0600), 0);
  EXPECT_THAT(names(), ElementsAre("new\nline \xff.jpg"));
}

TEST_F(Walk, AFileIsTakenAtItsWordAndAMissingRootIsAnError) {
  put("odd.dat", "not a picture");
  EXPECT_EQ(walk(root_ / "odd.dat", {})->files.size(), 1u);
  const auto missing = walk(root_ / "missing", {});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().kind(), ErrorKind::not_found);
  EXPECT_THAT(missing.error().message(), HasSubstr("missing"));
}

TEST(NaturalLess, IsATotalOrderOverNumbersInNames) {
  const std::vector<std::string> order = {"", "1", "01", "2", "10", "a", "a1", "a01", "a1b", "a2", "a10", "b"};
  for (size_t i = 0; i < order.size(); ++i)
    for (size_t j = 0; j < order.size(); ++j) {
      const bool both = natural_less(order[i], order[j]) && natural_less(order[j], order[i]);
      EXPECT_FALSE(both) << order[i] << " " << order[j];
      EXPECT_EQ(i != j, natural_less(order[i], order[j]) || natural_less(order[j], order[i]));
    }
  EXPECT_TRUE(natural_less("img2", "img10"));
  EXPECT_TRUE(natural_less("a99999999999999999999998", "a99999999999999999999999"));
}

}  // namespace
}  // namespace elanus::ingest
