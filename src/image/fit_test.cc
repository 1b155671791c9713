#include "image/fit.h"

#include <gtest/gtest.h>

namespace elanus::image {
namespace {

Image plain(uint32_t width, uint32_t height) {
  return {width, height, std::vector<uint8_t>(size_t{3} * width * height, 77), width, height};
}

TEST(Fit, IsTheLargestSizeInTheBoxWithItsOwnProportions) {
  const struct {
    uint32_t width, height, box_width, box_height, want_width, want_height;
  } cases[] = {{400, 200, 100, 100, 100, 50},
               {200, 400, 100, 100, 50, 100},
               {10, 10, 36, 28, 28, 28},
               {1000, 1, 100, 100, 100, 1},
               {1, 1, 7, 3, 3, 3}};
  for (const auto& c : cases) {
    const auto small = fit(plain(c.width, c.height), c.box_width, c.box_height);
    ASSERT_TRUE(small.ok());
    EXPECT_EQ(small->width, c.want_width);
    EXPECT_EQ(small->height, c.want_height);
    EXPECT_EQ(small->full_width, c.width);
    EXPECT_EQ(small->rgb, std::vector<uint8_t>(size_t{3} * small->width * small->height, 77));
  }
}

TEST(Fit, RefusesNothing) { EXPECT_EQ(fit(Image(), 10, 10).error().kind(), ErrorKind::invalid_argument); }

}  // namespace
}  // namespace elanus::image
