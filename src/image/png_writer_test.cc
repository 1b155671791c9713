#include "image/png_writer.h"

#include <gtest/gtest.h>

namespace elanus::image {
namespace {

TEST(PngWriter, WhatIsWrittenIsReadBack) {
  Image picture{7, 5, {}, 7, 5};
  for (int i = 0; i < 7 * 5 * 3; ++i) picture.rgb.push_back(static_cast<uint8_t>(i * 37));
  const auto bytes = encode_png(picture);
  ASSERT_TRUE(bytes.ok());
  const auto back = decode(*bytes);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->width, 7u);
  EXPECT_EQ(back->rgb, picture.rgb);
}

TEST(PngWriter, ASizeThatDoesNotFitItsBytesIsRefused) {
  EXPECT_FALSE(encode_png({}).ok());
  EXPECT_FALSE(encode_png({2, 2, std::vector<uint8_t>(11), 2, 2}).ok());
}

}  // namespace
}  // namespace elanus::image
