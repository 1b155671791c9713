#include "io/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

namespace elanus::io {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  Files() { fs::create_directories(folder_); }
  ~Files() override { fs::remove_all(folder_); }
  const fs::path folder_ = fs::path(testing::TempDir()) / ("elanus-files-" + std::to_string(::getpid()));
};

TEST_F(Files, WhatWasWrittenIsRead) {
  const std::string text("a\0b\n", 4);
  ASSERT_TRUE(write_text_atomic(folder_ / "a", "older").ok());
  ASSERT_TRUE(write_text_atomic(folder_ / "a", text).ok());
  EXPECT_EQ(read_text(folder_ / "a", 4).value(), text);
  EXPECT_EQ(read_file(folder_ / "a", 100).value().size(), 4u);
  const auto map = MappedFile::open(folder_ / "a");
  ASSERT_TRUE(map.ok());
  EXPECT_EQ(map->bytes().size(), 4u);
  EXPECT_EQ(static_cast<char>(map->bytes()[2]), 'b');
}

TEST_F(Files, NothingElseStaysInTheFolder) {
  ASSERT_TRUE(write_text_atomic(folder_ / "a", "x").ok());
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(Files, AFailedWriteLeavesTheOldContent) {
  fs::create_directory(folder_ / "taken");
  std::ofstream(folder_ / "taken" / "inside") << "x";
  const auto written = write_text_atomic(folder_ / "taken", "y");
  ASSERT_FALSE(written.ok());
  EXPECT_THAT(written.error().message(), HasSubstr("taken"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(Files, TooLargeNamesBothSizes) {
  ASSERT_TRUE(write_text_atomic(folder_ / "a", "12345").ok());
  const auto read = read_text(folder_ / "a", 4);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().kind(), ErrorKind::too_large);
  EXPECT_THAT(read.error().message(), HasSubstr("has 5 bytes, expected at most 4"));
}

TEST_F(Files, FoldersPipesAndMissingFilesAreRefused) {
  EXPECT_EQ(read_text(folder_, 10).error().kind(), ErrorKind::invalid_argument);
  EXPECT_EQ(MappedFile::open(folder_ / "missing").error().kind(), ErrorKind::not_found);
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_text(folder_ / "pipe", 10).error().kind(), ErrorKind::invalid_argument);
}

TEST_F(Files, AnEmptyFileIsEmpty) {
  ASSERT_TRUE(write_text_atomic(folder_ / "a", "").ok());
  EXPECT_EQ(read_text(folder_ / "a", 0).value(), "");
  EXPECT_TRUE(MappedFile::open(folder_ / "a").value().bytes().empty());
}

TEST_F(Files, AMapMoves) {
  ASSERT_TRUE(write_text_atomic(folder_ / "a", "abc").ok());
  MappedFile first = MappedFile::open(folder_ / "a").value();
  MappedFile second;
  second = std::move(first);
  EXPECT_EQ(second.bytes().size(), 3u);
}

// The published test values of xxHash for the empty input and XXH3 with seed 0.
TEST(ContentHash, IsXxh3) { EXPECT_EQ(content_hash({}), "99aa06d3014798d86001c324468d497f"); }

}  // namespace
}  // namespace elanus::io
