#include "image/jpeg_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace elanus::image {
namespace {

Image gradient(uint32_t width, uint32_t height) {
  Image picture{width, height, std::vector<uint8_t>(size_t{3} * width * height), width, height};
  for (uint32_t y = 0; y < height; ++y)
    for (uint32_t x = 0; x < width; ++x) {
      uint8_t* pixel = &picture.rgb[size_t{3} * (y * width + x)];
      pixel[0] = static_cast<uint8_t>(255 * x / width);
      pixel[1] = static_cast<uint8_t>(255 * y / height);
      pixel[2] = 90;
    }
  return picture;
}

TEST(JpegWriter, WhatItWritesDecodesToNearlyTheSame) {
  const Image picture = gradient(123, 77);
  const auto bytes = encode_jpeg(picture, 90);
  ASSERT_TRUE(bytes.ok()) << bytes.error().message();
  const auto back = decode(*bytes);
  ASSERT_TRUE(back.ok()) << back.error().message();
  ASSERT_EQ(back->width, 123u);
  ASSERT_EQ(back->height, 77u);
  int worst = 0;
  for (size_t i = 0; i < picture.rgb.size(); ++i)
    worst = std::max(worst, std::abs(picture.rgb[i] - back->rgb[i]));
  EXPECT_LE(worst, 12) << "a smooth picture at quality 90";
}

TEST(JpegWriter, QualityCostsBytes) {
  const Image picture = gradient(300, 200);
  EXPECT_LT(encode_jpeg(picture, 30)->size(), encode_jpeg(picture, 95)->size());
}

TEST(JpegWriter, RefusesPixelsThatDoNotFit) {
  Image picture = gradient(4, 4);
  picture.rgb.pop_back();
  EXPECT_EQ(encode_jpeg(picture, 80).error().kind(), ErrorKind::invalid_argument);
  EXPECT_EQ(encode_jpeg(Image{}, 80).error().kind(), ErrorKind::invalid_argument);
  EXPECT_THAT(encode_jpeg(gradient(70000, 1), 80).error().message(), testing::HasSubstr("65500"));
}

}  // namespace
}  // namespace elanus::image
