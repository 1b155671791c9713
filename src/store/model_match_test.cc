#include "store/model_match.h"

#include <gmock/gmock.h>

namespace elanus::store {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(ModelMatch, OtherWeightsAndOtherDimensionsAreRefusedInWords) {
  const Schema schema{.dim = 512, .metric = Metric::cosine, .model = {"vit-b-32", "aaaabbbbccccdddd"}};
  EXPECT_TRUE(check_model(schema, {"renamed", "aaaabbbbccccdddd"}, 512).ok())
      << "the weights decide, not the name";
  const auto other = check_model(schema, {"vit-b-32", "1111222233334444"}, 512);
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().kind(), ErrorKind::mismatch);
  EXPECT_THAT(other.error().message(), AllOf(HasSubstr("aaaabbbbcccc"), HasSubstr("111122223333")));
  const auto size = check_model(schema, {"vit-l-14", "1111"}, 768);
  EXPECT_THAT(size.error().message(), AllOf(HasSubstr("512"), HasSubstr("768"), HasSubstr("vit-l-14")));
}

TEST(ModelMatch, VectorsFromOutsideAcceptAnyModelOfTheirDimension) {
  const Schema schema{.dim = 512, .metric = Metric::cosine, .model = {"imported", ""}};
  EXPECT_TRUE(check_model(schema, {"vit-b-32", "1111"}, 512).ok());
  EXPECT_FALSE(check_model(schema, {"vit-l-14", "1111"}, 768).ok());
}

}  // namespace
}  // namespace elanus::store
