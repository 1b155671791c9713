#include "server/multipart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace elanus::server {
namespace {

constexpr const char* kType = "multipart/form-data; boundary=X";

std::string part(const std::string& disposition, const std::string& content) {
  return "--X\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
}

void expect_refused(const std::string& body, const std::string& words, const std::string& type = kType) {
  const auto parts = parse_multipart(body, type);
  ASSERT_FALSE(parts.ok());
  EXPECT_EQ(parts.error().kind(), ErrorKind::invalid_argument);
  EXPECT_THAT(parts.error().message(), testing::HasSubstr(words));
}

TEST(Multipart, FieldsAndFiles) {
  const std::string bytes("\0\r\n--Y\xff--X", 10);
  const std::string body = part("name=\"q\"", "a red car") +
                           part("name=\"picture\"; filename=\"a \\\"b\\\" ü.jpg\"", bytes) +
                           part("filename=only.png; name=second", "") + "--X--\r\n";
  const auto parts = parse_multipart(body, kType);
  ASSERT_TRUE(parts.ok()) << parts.error().message();
  ASSERT_EQ(parts->size(), 3u);
  EXPECT_EQ(parts->at(0).name, "q");
  EXPECT_EQ(parts->at(0).content, "a red car");
  EXPECT_FALSE(parts->at(0).is_file);
  EXPECT_EQ(parts->at(1).filename, "a \"b\" ü.jpg");
  EXPECT_EQ(parts->at(1).content, bytes);
  EXPECT_TRUE(parts->at(1).is_file);
  EXPECT_EQ(parts->at(2).name, "second");
  EXPECT_EQ(parts->at(2).filename, "only.png");
  EXPECT_EQ(parts->at(2).content, "");
}

TEST(Multipart, APreambleAQuotedBoundaryAndOtherHeadersAreFine) {
  const auto parts = parse_multipart(
      "hello\r\n--a b\r\nContent-Type: text/plain\r\ncontent-disposition: FORM-DATA; name=k\r\n\r\n5\r\n--a "
      "b--",
      "Multipart/Form-Data; charset=utf-8; boundary=\"a b\"");
  ASSERT_TRUE(parts.ok()) << parts.error().message();
  EXPECT_EQ(parts->at(0).content, "5");
}

TEST(Multipart, NoPartsAtAll) { EXPECT_TRUE(parse_multipart("--X--\r\n", kType)->empty()); }

TEST(Multipart, WhatIsBrokenIsNamed) {
  expect_refused("x=1", "expected the type multipart/form-data, got 'application/x'", "application/x");
  expect_refused("--X--", "names no boundary", "multipart/form-data");
  expect_refused("--X--", "names no boundary", "multipart/form-data; boundary=\"\"");
  expect_refused("--X--", "names no boundary", "multipart/form-data; boundary=" + std::string(71, 'b'));
  expect_refused("--Y--", "boundary is not there");
  expect_refused("--Xtra\r\n", "not the end of its line");
  expect_refused(part("filename=f", "1") + "--X--", "has no name");
  expect_refused("--X\r\nContent-Type: text/plain\r\n\r\n1\r\n--X--", "has no name");
  expect_refused(part("name=\"q\"", "1").substr(0, 50), "does not end");
  expect_refused("--X\r\nContent-Disposition: form-data; name=\"" + std::string(5000, 'n'), "within 4 KiB");
  std::string many;
  for (int i = 0; i < 1001; ++i) many += part("name=q", "");
  expect_refused(many + "--X--", "more than 1000 parts");
}

}  // namespace
}  // namespace elanus::server
