#include "base/utf8.h"

#include <gtest/gtest.h>

namespace elanus::base {
namespace {

using namespace std::string_view_literals;

TEST(Utf8, KnowsWhatItIs) {
  for (const auto text :
       {""sv, "plain"sv, "\0"sv, "\xc3\xa9"sv, "\xe2\x82\xac"sv, "\xf0\x9f\x90\xa6"sv, "\xed\x9f\xbf"sv})
    EXPECT_TRUE(is_utf8(text)) << text;
  for (const auto text : {"\xff"sv, "\x80"sv, "\xc0\xaf"sv, "\xe0\x80\xaf"sv, "\xed\xa0\x80"sv,
                          "\xf4\x90\x80\x80"sv, "\xf0\x80\x80\xaf"sv, "cut \xe2\x82"sv, "\xc3("sv})
    EXPECT_FALSE(is_utf8(text)) << text;
}

TEST(Utf8, LengthOfASequence) {
  EXPECT_EQ(utf8_length("a\xf0\x9f\x90\xa6", 0), 1u);
  EXPECT_EQ(utf8_length("a\xf0\x9f\x90\xa6", 1), 4u);
  EXPECT_EQ(utf8_length("a\xf0\x9f\x90\xa6", 2), 0u);
  EXPECT_EQ(utf8_length("a", 1), 0u);
}

}  // namespace
}  // namespace elanus::base
