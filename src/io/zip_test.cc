#include "io/zip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/test_zip.h"

namespace elanus::io {
namespace {
using testing::HasSubstr;

std::string text(const ZipEntries& entries, const std::string& name) {
  const auto data = stored(entries, name, "a.zip").value();
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

std::string zip_error(const std::string& zip) {
  const auto entries = parse_zip(bytes_of(zip), "a.zip");
  EXPECT_FALSE(entries.ok());
  return entries.ok() ? "" : entries.error().message();
}

class Zip : public testing::TestWithParam<bool> {};

TEST_P(Zip, GivesWhatIsStored) {
  TestZip zip;
  zip.zip64 = GetParam();
  zip.add("a/b", "one");
  zip.add("c", "");
  const std::string file = zip.finish();
  const auto entries = parse_zip(bytes_of(file), "a.zip");
  ASSERT_TRUE(entries.ok()) << entries.error().message();
  EXPECT_EQ(entries->size(), 2u);
  EXPECT_EQ(text(*entries, "a/b"), "one");
  EXPECT_EQ(text(*entries, "c"), "");
}

TEST_P(Zip, EveryCutIsNoticed) {
  TestZip zip;
  zip.zip64 = GetParam();
  zip.add("a/b", "one");
  const std::string file = zip.finish();
  for (size_t size = 0; size < file.size(); ++size) zip_error(file.substr(0, size));
}

INSTANTIATE_TEST_SUITE_P(Both, Zip, testing::Bool());

TEST(ZipErrors, WhatIsNotStoredPlainlyIsRefusedByName) {
  TestZip packed, secret, twice;
  packed.method = 8;
  packed.add("x", "data");
  secret.flags = 1;
  secret.add("x", "data");
  twice.add("x", "1");
  twice.add("x", "2");
  for (const TestZip& zip : {packed, secret}) {
    const std::string file = zip.finish();
    const auto content = stored(parse_zip(bytes_of(file), "a.zip").value(), "x", "a.zip");
    ASSERT_FALSE(content.ok());
    EXPECT_THAT(content.error().message(), HasSubstr("a.zip: entry x: expected it stored"));
  }
  EXPECT_THAT(stored({}, "x", "a.zip").error().message(),
              HasSubstr("a.zip: expected an entry x, found none"));
  EXPECT_THAT(zip_error(twice.finish()), HasSubstr("entry x is there twice"));
  EXPECT_THAT(zip_error("no zip at all, but long enough"), HasSubstr("no zip archive"));
}

TEST(ZipErrors, ALyingDirectoryIsNoticed) {
  TestZip zip;
  zip.add("x", "data");
  const std::string file = zip.finish();
  const size_t directory = file.find("PK\1\2"), end = file.find("PK\5\6");
  const auto with = [&](size_t at, char value) {
    std::string changed = file;
    changed[at] = value;
    return zip_error(changed);
  };
  EXPECT_THAT(with(directory + 24, 100), HasSubstr("expected 100 bytes, found less"));
  EXPECT_THAT(with(directory + 42, 1), HasSubstr("expected its header at byte 1"));
  EXPECT_THAT(with(end + 10, 2), HasSubstr("expected 2 entries in the zip's directory, found 1"));
  EXPECT_THAT(with(end + 17, 100), HasSubstr("found 0"));
}

}  // namespace
}  // namespace elanus::io
