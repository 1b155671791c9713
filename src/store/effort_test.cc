#include "store/effort.h"

#include <gmock/gmock.h>

namespace elanus::store {
namespace {

TEST(Effort, GoesThereAndBack) {
  for (const Effort effort : {Effort::fast, Effort::balanced, Effort::exact})
    EXPECT_EQ(parse_effort(to_string(effort)).value(), effort);
}

TEST(Effort, UnknownNamesAreRefused) {
  const auto parsed = parse_effort("Fast");
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().kind(), ErrorKind::invalid_argument);
  EXPECT_THAT(parsed.error().message(), testing::HasSubstr("fast, balanced or exact"));
}

}  // namespace
}  // namespace elanus::store
