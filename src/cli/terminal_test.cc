#include "cli/terminal.h"

#include <gtest/gtest.h>

namespace elanus::cli {
namespace {

TEST(Words, CountsAndDurations) {
  EXPECT_EQ(counted(1, "picture"), "1 picture");
  EXPECT_EQ(counted(0, "picture"), "0 pictures");
  EXPECT_EQ(counted(1234567, "picture"), "1,234,567 pictures");
  EXPECT_EQ(duration_words(0.2), "1s");
  EXPECT_EQ(duration_words(75), "1m 15s");
  EXPECT_EQ(duration_words(7322), "2h 2m 2s");
  EXPECT_EQ(duration_words(1e300), "?");
}

}  // namespace
}  // namespace elanus::cli
