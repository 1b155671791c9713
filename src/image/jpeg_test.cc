#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "image/image.h"
#include "image/jpeg_writer.h"
#include "image/resize.h"
#include "image/test_pictures.h"

namespace elanus::image {
namespace {

using ::testing::HasSubstr;

std::vector<std::byte> input(const std::string& name) {
  return read_all(tests_folder() / "inputs" / "jpeg_fuzz" / name);
}

TEST(Jpeg, ScalesWhileTheShortSideStaysLongEnough) {
  // Stored 200x160, stands upright as 160x200.
  const auto bytes = input("large.jpg");
  const std::tuple<uint32_t, uint32_t, uint32_t> cases[] = {{0, 160, 200}, {1, 20, 25},   {20, 20, 25},
                                                            {21, 40, 50},  {40, 40, 50},  {41, 80, 100},
                                                            {80, 80, 100}, {81, 160, 200}};
  for (const auto& [short_side, width, height] : cases) {
    const auto image = decode(bytes, {.scale_to_short_side = short_side});
    ASSERT_TRUE(image.ok());
    EXPECT_EQ(image->width, width) << short_side;
    EXPECT_EQ(image->height, height) << short_side;
    EXPECT_EQ(image->full_width, 160u);
    EXPECT_EQ(image->full_height, 200u);
  }
}

TEST(Jpeg, AScaledPictureLooksLikeTheWhole) {
  const auto bytes = input("large.jpg");
  const Image whole = decode(bytes).value(), small = decode(bytes, {.scale_to_short_side = 40}).value();
  ASSERT_EQ(small.width, 40u);
  double sum = 0;
  for (size_t y = 0; y < small.height; ++y)
    for (size_t x = 0; x < small.width; ++x)
      for (size_t c = 0; c < 3; ++c) {
        int box = 8;
        for (size_t i = 0; i < 16; ++i)
          box += whole.rgb[((4 * y + i / 4) * whole.width + 4 * x + i % 4) * 3 + c];
        sum += std::abs(box / 16 - small.rgb[(y * small.width + x) * 3 + c]);
      }
  EXPECT_LT(sum / static_cast<double>(small.rgb.size()), 2.0) << "mean difference in levels";
}

TEST(Jpeg, BytesBetweenMarkersAreHarmless) {
  auto bytes = input("rgb.jpg");
  const Image whole = decode(bytes).value();
  // Before the end marker, after the picture.
  bytes.insert(bytes.end() - 2, 5, std::byte{0x11});
  const auto image = decode(bytes);
  ASSERT_TRUE(image.ok()) << image.error().message();
  EXPECT_EQ(difference(*image, whole), 0);
}

TEST(Jpeg, AMissingEndMarkerIsHarmless) {
  auto bytes = input("rgb.jpg");
  const Image whole = decode(bytes).value();
  bytes.resize(bytes.size() - 2);
  const auto image = decode(bytes);
  ASSERT_TRUE(image.ok()) << image.error().message();
  EXPECT_EQ(difference(*image, whole), 0);
}

TEST(Jpeg, ACutOrBrokenPictureIsCorrupt) {
  for (const char* name : {"rgb.jpg", "progressive.jpg", "restart.jpg", "cmyk.jpg"}) {
    auto cut = input(name);
    cut.resize(cut.size() - 20);
    const auto image = decode(cut);
    ASSERT_FALSE(image.ok()) << name;
    EXPECT_EQ(image.error().kind(), ErrorKind::corrupt) << name;
  }
  auto bytes = input("restart.jpg");
  for (size_t i = 0; i + 1 < bytes.size(); ++i)  // the first restart marker becomes the fifth
    if (bytes[i] == std::byte{0xff} && bytes[i + 1] == std::byte{0xd0}) bytes[i + 1] = std::byte{0xd4};
  const auto image = decode(bytes);
  ASSERT_FALSE(image.ok());
  EXPECT_EQ(image.error().kind(), ErrorKind::corrupt);
  EXPECT_THAT(image.error().message(), HasSubstr("JPEG: Corrupt JPEG data"));
}

TEST(Jpeg, ADamagedProfileOrExifIsIgnored) {
  auto bytes = input("icc_srgb.jpg");
  const Image whole = decode(bytes).value();
  for (size_t i = 0; i + 128 < 400; ++i) bytes[i + 60] = std::byte{0x55};  // inside the APP2 segment
  const auto image = decode(bytes);
  ASSERT_TRUE(image.ok()) << image.error().message();
  EXPECT_EQ(difference(*image, whole), 0);
}

TEST(Jpeg, RefusesMoreScansThanAnyPictureNeeds) {
  auto bytes = input("progressive.jpg");
  // The first scan again and again: well-formed, but each repetition walks over all pixels.
  const auto marker_from = [&](size_t at, auto accept) {
    while (bytes[at] != std::byte{0xff} || !accept(bytes[at + 1])) ++at;
    return bytes.begin() + static_cast<ptrdiff_t>(at);
  };
  const auto start = marker_from(0, [](std::byte b) { return b == std::byte{0xda}; });
  const auto end = marker_from(static_cast<size_t>(start - bytes.begin()) + 2,
                               [](std::byte b) { return b != std::byte{0}; });
  const std::vector<std::byte> scan(start, end);
  for (int i = 0; i < 600; ++i) bytes.insert(bytes.end() - 2, scan.begin(), scan.end());
  const auto image = decode(bytes);
  ASSERT_FALSE(image.ok());
  EXPECT_EQ(image.error().kind(), ErrorKind::too_large);
  EXPECT_THAT(image.error().message(), HasSubstr("too many scans"));
}

// As a model prepares it: the short side to `side`, the centred square.
std::vector<uint8_t> prepared(const Image& picture, int64_t side) {
  const int64_t width = picture.full_width, height = picture.full_height, shorter = std::min(width, height);
  ResizeCrop plan{.width = side * width / shorter,
                  .height = side * height / shorter,
                  .crop_width = side,
                  .crop_height = side,
                  .filter = Filter::lanczos};  // the widest
  plan.crop_x = (plan.width - side) / 2;
  plan.crop_y = (plan.height - side) / 2;
  std::vector<uint8_t> out(static_cast<size_t>(side * side * 3));
  EXPECT_TRUE(resize_crop(picture, plan, out).ok());
  return out;
}

TEST(Jpeg, TheMiddleAloneGivesTheSameSquare) {
  size_t smaller = 0;
  for (const auto& [width, height] :
       {std::pair(700u, 201u), {203u, 911u}, {640u, 64u}, {65u, 500u}, {300u, 200u}}) {
    Image picture{width, height, std::vector<uint8_t>(size_t{3} * width * height), width, height};
    for (uint32_t i = 0; i < picture.rgb.size(); ++i)
      picture.rgb[i] = static_cast<uint8_t>((i * 2654435761u + 12345u) >> 24);
    const auto bytes = encode_jpeg(picture, 80).value();
    for (const uint32_t side : {8u, 37u, 64u, 224u})
      for (const uint32_t scaled : {0u, 2 * side}) {
        const Image whole = decode(bytes, {.scale_to_short_side = scaled}).value();
        const Image middle = decode(bytes, {.scale_to_short_side = scaled, .middle_for_side = side}).value();
        EXPECT_EQ(middle.full_width, width);
        EXPECT_EQ(prepared(middle, side), prepared(whole, side)) << width << "x" << height << " " << side;
        smaller += middle.rgb.size() < whole.rgb.size();
      }
  }
  EXPECT_GT(smaller, 20u) << "of 40 decodes leave something out";
}

TEST(Jpeg, TheMiddleOfACutPictureIsCorruptToo) {
  Image picture{100, 900, std::vector<uint8_t>(270000, 99), 100, 900};
  for (uint32_t i = 0; i < picture.rgb.size(); ++i)
    picture.rgb[i] = static_cast<uint8_t>(i * 2654435761u >> 24);
  auto bytes = encode_jpeg(picture, 80).value();
  ASSERT_LT(decode(bytes, {.middle_for_side = 50}).value().height, 900u);
  bytes.resize(bytes.size() * 9 / 10);
  EXPECT_EQ(decode(bytes, {.middle_for_side = 50}).error().kind(), ErrorKind::corrupt);
}

TEST(Jpeg, EveryOrientationOfTheSameScene) {
  const auto folder =
      std::filesystem::path(ELANUS_SOURCE_DIR) / ".." / "shared" / "data" / "edge" / "exif-orientation";
  if (!std::filesystem::exists(folder))
    GTEST_SKIP() << folder << " is absent: the orientation photographs were not tried";
  for (const std::string shape : {"Landscape", "Portrait"}) {
    const Image first = decode(read_all(folder / (shape + "_1.jpg"))).value();
    for (int i = 0; i <= 8; ++i) {
      const Image image = decode(read_all(folder / (shape + "_" + std::to_string(i) + ".jpg"))).value();
      ASSERT_EQ(image.width, first.width) << shape << i;
      ASSERT_EQ(image.height, first.height) << shape << i;
      double sum = 0;
      for (size_t k = 0; k < image.rgb.size(); ++k) sum += std::abs(int{image.rgb[k]} - int{first.rgb[k]});
      EXPECT_LT(sum / static_cast<double>(image.rgb.size()), 12.0) << shape << i;
    }
  }
}

}  // namespace
}  // namespace elanus::image
