#include "image/orientation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace elanus::image {
namespace {

using ::testing::ElementsAre;

// What a viewer sees of a 3 x 2 picture with pixels 0 1 2 / 3 4 5.
std::vector<int> seen(int orientation) {
  Image image{3, 2, {}, 30, 20};
  for (uint8_t i = 0; i < 6; ++i) image.rgb.insert(image.rgb.end(), {i, static_cast<uint8_t>(i + 10), 99});
  image = upright(std::move(image), orientation);
  const bool turned = orientation >= 5 && orientation <= 8;
  EXPECT_EQ(image.width, turned ? 2u : 3u);
  EXPECT_EQ(image.height, turned ? 3u : 2u);
  EXPECT_EQ(image.full_width, turned ? 20u : 30u);
  EXPECT_EQ(image.full_height, turned ? 30u : 20u);
  std::vector<int> levels;
  for (size_t i = 0; i < image.rgb.size(); i += 3) {
    EXPECT_EQ(image.rgb[i] + 10, image.rgb[i + 1]);
    levels.push_back(image.rgb[i]);
  }
  return levels;
}

TEST(Upright, EveryOrientation) {
  EXPECT_THAT(seen(1), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(seen(2), ElementsAre(2, 1, 0, 5, 4, 3));
  EXPECT_THAT(seen(3), ElementsAre(5, 4, 3, 2, 1, 0));
  EXPECT_THAT(seen(4), ElementsAre(3, 4, 5, 0, 1, 2));
  EXPECT_THAT(seen(5), ElementsAre(0, 3, 1, 4, 2, 5));
  EXPECT_THAT(seen(6), ElementsAre(3, 0, 4, 1, 5, 2));
  EXPECT_THAT(seen(7), ElementsAre(5, 2, 4, 1, 3, 0));
  EXPECT_THAT(seen(8), ElementsAre(2, 5, 1, 4, 0, 3));
}

TEST(Upright, LargePicturesTurnLikeSmallOnes) {
  Image image{70, 45, std::vector<uint8_t>(70 * 45 * 3), 70, 45};
  for (size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = static_cast<uint8_t>(i * 7 / 3);
  const Image turned = upright(image, 5);
  for (size_t y = 0; y < 45; ++y)
    for (size_t x = 0; x < 70; ++x)
      ASSERT_TRUE(std::equal(&image.rgb[(y * 70 + x) * 3], &image.rgb[(y * 70 + x) * 3] + 3,
                             &turned.rgb[(x * 45 + y) * 3]));
}

TEST(Upright, APartStaysWhereItIsInTheWhole) {
  // Columns 1 and 2, row 3 of a whole of 4 x 5, pixel by pixel beside the whole.
  Image whole{4, 5, {}, 4, 5};
  for (uint8_t i = 0; i < 20; ++i) whole.rgb.insert(whole.rgb.end(), 3, i);
  Image piece{2, 1, {}, 4, 5};
  piece.rgb = {13, 13, 13, 14, 14, 14};
  piece.part = {1, 3, 4, 5};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Image seen = upright(whole, orientation), part = upright(piece, orientation);
    ASSERT_EQ(part.part.of_width, seen.width) << orientation;
    ASSERT_EQ(part.part.of_height, seen.height) << orientation;
    for (size_t y = 0; y < part.height; ++y)
      for (size_t x = 0; x < part.width; ++x)
        EXPECT_EQ(part.rgb[(y * part.width + x) * 3],
                  seen.rgb[((part.part.top + y) * seen.width + part.part.left + x) * 3])
            << orientation;
  }
}

}  // namespace
}  // namespace elanus::image
