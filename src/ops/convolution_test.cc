#include "ops/convolution.h"

#include <gtest/gtest.h>

#include "ops/test_values.h"

namespace elanus::ops {
namespace {

TEST(Convolution, UnfoldTakesTheNeighboursAndZeroBeyondTheEdge) {
  constexpr size_t kSide = 4, kChannels = 3, kStride = 5;
  auto values = random_values(kSide * kSide * kStride, 1);
  const Map map{values.data(), kSide, kChannels, kStride};
  for (size_t i = 0; i < kSide * kSide; ++i) {
    std::vector<float> out(9 * kChannels + 1, 7.0f);
    unfold3x3(map, i, out.data());
    for (size_t j = 0; j < 9 * kChannels; ++j) {
      const int y = static_cast<int>(i / kSide + j / kChannels / 3) - 1;
      const int x = static_cast<int>(i % kSide + j / kChannels % 3) - 1;
      const bool inside = y >= 0 && x >= 0 && y < 4 && x < 4;
      EXPECT_EQ(out[j], inside ? values[static_cast<size_t>(y * 4 + x) * kStride + j % kChannels] : 0.0f);
    }
    EXPECT_EQ(out.back(), 7.0f);
  }
}

TEST(Convolution, AverageOfBlocksLeavesAnOddEdgeOut) {
  constexpr size_t kSide = 5, kChannels = 2;
  std::vector<float> values;
  for (size_t i = 0; i < kSide * kSide; ++i)
    values.insert(values.end(), {static_cast<float>(i), static_cast<float>(2 * i)});
  const Map map{values.data(), kSide, kChannels, kChannels};
  float out[2];
  average2x2(map, 3, out);  // pixels 12, 13, 17, 18
  EXPECT_EQ(out[0], 15.0f);
  EXPECT_EQ(out[1], 30.0f);
  average2x2(map, 0, out);
  EXPECT_EQ(out[0], 3.0f);
}

}  // namespace
}  // namespace elanus::ops
