#include "base/f16.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/checked.h"

namespace elanus::base {
namespace {

TEST(F16, EveryHalfSurvivesTheRoundTrip) {
  for (uint32_t h = 0; h < 0x10000; ++h) {
    const float value = f16_to_f32(static_cast<uint16_t>(h));
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(f16_to_f32(f32_to_f16(value))));
    } else {
      ASSERT_EQ(f32_to_f16(value), h) << value;
    }
  }
}

// The slow definition: the nearest of the two neighbouring halves, ties to the even one.
uint16_t nearest(float value) {
  uint16_t low = 0;
  for (uint16_t step = 0x4000; step; step = static_cast<uint16_t>(step >> 1))
    if (low + step < 0x7c00 && f16_to_f32(static_cast<uint16_t>(low + step)) <= value) low = static_cast<uint16_t>(low + step);
  const uint16_t high = static_cast<uint16_t>(low + 1);
  const double below = value - static_cast<double>(f16_to_f32(low));
  const double above = (high == 0x7c00 ? 65536.0 : static_cast<double>(f16_to_f32(high))) - value;
  if (below != above) return below < above ? low : high;
  return low % 2 == 0 ? low : high;
}

TEST(F16, RoundsToTheNearestEvenHalf) {
  uint32_t state = 1;
  for (int i = 0; i < 200000; ++i) {
    state = state * 1664525u + 1013904223u;
    const float value = std::abs(std::bit_cast<float>((state % 0x48000000u)));
    if (value >= 65536.0f) continue;
    ASSERT_EQ(f32_to_f16(value), nearest(value)) << std::hexfloat << value;
    ASSERT_EQ(f32_to_f16(-value), nearest(value) | 0x8000) << std::hexfloat << value;
  }
  EXPECT_EQ(f32_to_f16(65519.99f), 0x7bff);
  EXPECT_EQ(f32_to_f16(65520.0f), 0x7c00);
  EXPECT_EQ(f32_to_f16(std::numeric_limits<float>::infinity()), 0x7c00);
}

TEST(Bf16, IsTheUpperHalfOfAFloat) { EXPECT_EQ(bf16_to_f32(0xc040), -3.0f); }

TEST(Checked, ProductsAndSumsThatDoNotFitAreNothing) {
  constexpr size_t max = std::numeric_limits<size_t>::max();
  EXPECT_EQ(checked_mul(3, 4, 5), 60u);
  EXPECT_EQ(checked_mul(max / 2, 3), std::nullopt);
  EXPECT_EQ(checked_mul(max, 2, 0), std::nullopt) << "an overflow on the way stays one";
  EXPECT_EQ(checked_add(max, 1), std::nullopt);
  EXPECT_EQ(checked_add(max - 1, 1), max);
}

}  // namespace
}  // namespace elanus::base
