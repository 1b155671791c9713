#include "store_milvus/text.h"

#include <gmock/gmock.h>

#include <random>

namespace elanus::store_milvus {
namespace {

TEST(Text, Utf8StaysAsItIs) {
  for (const std::string text :
       {"", "a/b.jpg", "M\xc3\xa9t\xc3\xa9o \xe2\x98\x80 \xf0\x9f\x90\x95", "\xf4\x8f\xbb\xbf"}) {
    EXPECT_EQ(to_utf8(text), text);
    EXPECT_EQ(from_utf8(text), text);
  }
}

TEST(Text, OtherBytesBecomePrivateCharactersAndComeBack) {
  EXPECT_EQ(to_utf8("a\xff"), "a\xf4\x8f\xbf\xbf");
  EXPECT_EQ(to_utf8(std::string("\x00", 1)), std::string("\x00", 1)) << "NUL is UTF-8";
  for (const std::string bytes : {"\xc3", "\xc3(", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5",
                                  "\x80\xbf", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbc\x80 was there before"}) {
    EXPECT_NE(to_utf8(bytes), bytes);
    EXPECT_EQ(from_utf8(to_utf8(bytes)), bytes);
    EXPECT_EQ(to_utf8(from_utf8(to_utf8(bytes))), to_utf8(bytes));
  }
}

TEST(Text, AnyBytesComeBackAndNoTwoAreAlike) {
  std::mt19937 random(1);
  const std::string alphabet = "a\xc3\xa9\xf4\x8f\xbc\xbf\x80\xff\xe2\x98";
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 12, ' ');
    for (char& byte : bytes) byte = alphabet[random() % alphabet.size()];
    ASSERT_EQ(from_utf8(to_utf8(bytes)), bytes);
  }
}

TEST(Text, LiteralsAreQuoted) {
  EXPECT_EQ(literal("it's \"a\" \\ b\n\t"), R"("it's \"a\" \\ b\n\t")");
  EXPECT_EQ(list_of(std::vector<int64_t>{1, -2}), "[1,-2]");
  EXPECT_EQ(above("id", 5), "id > 5");
  EXPECT_EQ(above("id", INT64_MIN), "id >= -9223372036854775807");
}

TEST(Text, KeysFitIntoAnInt64) {
  for (const char* text : {"", "a", "b", "/home/ann/Pictures/1.jpg"}) EXPECT_GE(key_of(text), 0);
  EXPECT_NE(key_of("a"), key_of("b"));
}

}  // namespace
}  // namespace elanus::store_milvus
