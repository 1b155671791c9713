#include "io/staged_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "io/file.h"

namespace elanus::io {
namespace {
namespace fs = std::filesystem;

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

class Staged : public testing::Test {
 protected:
  Staged() { fs::create_directories(folder_); }
  ~Staged() override { fs::remove_all(folder_); }
  size_t files() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  const fs::path folder_ = fs::path(testing::TempDir()) / ("elanus-staged-" + std::to_string(::getpid()));
  const fs::path path_ = folder_ / "file";
};

TEST_F(Staged, NothingIsThereUntilItIsWhole) {
  auto file = StagedFile::create(path_);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file->append(bytes("....five")).ok());
  ASSERT_TRUE(file->overwrite(0, bytes("high")).ok());
  EXPECT_EQ(file->size(), 8u);
  EXPECT_FALSE(fs::exists(path_));
  ASSERT_TRUE(file->commit().ok());
  EXPECT_EQ(read_text(path_, 100).value(), "highfive");
  EXPECT_EQ(files(), 1u);
}

TEST_F(Staged, WhatIsNotCommittedGoesAwayAndTheOldFileStays) {
  std::ofstream(path_) << "old";
  {
    auto file = StagedFile::create(path_);
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->append(bytes("new")).ok());
  }
  EXPECT_EQ(read_text(path_, 100).value(), "old");
  EXPECT_EQ(files(), 1u);
}

TEST_F(Staged, ASecondWriterIsTurnedAwayUntilTheFirstIsDone) {
  auto first = StagedFile::create(path_);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(StagedFile::create(path_).error().kind(), ErrorKind::busy);
  ASSERT_TRUE(first->append(bytes("first")).ok());
  ASSERT_TRUE(first->commit().ok());
  auto second = StagedFile::create(path_);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(read_text(path_, 100).value(), "first") << "the second has a file of its own";
}

TEST_F(Staged, WhatAKilledWriterLeftIsUsedAgain) {
  std::ofstream(path_.native() + ".tmp") << "rubbish of a killed process";
  auto file = StagedFile::create(path_);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file->append(bytes("x")).ok());
  ASSERT_TRUE(file->commit().ok());
  EXPECT_EQ(read_text(path_, 100).value(), "x");
  EXPECT_EQ(files(), 1u);
}

TEST_F(Staged, AFolderThatIsNotThereIsNamed) {
  const auto file = StagedFile::create(folder_ / "none" / "file");
  ASSERT_FALSE(file.ok());
  EXPECT_THAT(file.error().message(), testing::HasSubstr("none/file"));
}

}  // namespace
}  // namespace elanus::io
