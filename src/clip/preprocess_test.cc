#include "clip/preprocess.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>

#include "io/file.h"
#include "io/npy.h"

namespace elanus::clip {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

image::Image flat(uint32_t width, uint32_t height, uint8_t level) {
  return {width, height, std::vector<uint8_t>(size_t{width} * height * 3, level), width, height};
}

uint8_t red(const PreparedImage& prepared, size_t side, size_t x, size_t y) {
  return prepared.rgb[(y * side + x) * 3];
}

TEST(Preprocess, GivesTheCropsSize) {
  for (const auto& [width, height] :
       {std::pair(640u, 480u), {480u, 640u}, {1u, 1u}, {3u, 1000u}, {224u, 224u}}) {
    const auto prepared = prepare(flat(width, height, 90), {});
    ASSERT_TRUE(prepared.ok()) << prepared.error().message();
    EXPECT_EQ(prepared->rgb, std::vector<uint8_t>(224 * 224 * 3, 90)) << width << " x " << height;
  }
}

// A row of 5 pixels, cut to 3 about its middle: (5 - 3) // 2 = 1. Cut to 2: (5 - 2) // 2 = 1.
TEST(Preprocess, CropsAboutTheMiddle) {
  image::Image row = flat(5, 5, 0);
  for (size_t i = 0; i < 25; ++i) row.rgb[i * 3] = static_cast<uint8_t>(i % 5 * 10);
  PreprocessorConfig config;
  config.resize = PreprocessorConfig::Resize::none;
  for (const uint32_t crop : {2u, 3u}) {
    config.crop_width = config.crop_height = crop;
    EXPECT_EQ(red(prepare(row, config).value(), crop, 0, 0), 10);
  }
}

// torchvision: int(round(1.5)) = 2 for a crop of 2, int(round(2 / 2)) = 1 for 3, int(round(0.5)) = 0 for 4.
TEST(Preprocess, TorchvisionRoundsTheCropToEven) {
  image::Image row = flat(5, 5, 0);
  for (size_t i = 0; i < 25; ++i) row.rgb[i * 3] = static_cast<uint8_t>(i % 5 * 10);
  PreprocessorConfig config;
  config.resize = PreprocessorConfig::Resize::none;
  config.crop_rounding = PreprocessorConfig::CropRounding::half_to_even;
  for (const auto& [crop, first] : {std::pair(2u, 20), {3u, 10}, {4u, 0}}) {
    config.crop_width = config.crop_height = crop;
    EXPECT_EQ(red(prepare(row, config).value(), crop, 0, 0), first) << crop;
  }
}

// The reference pads above by ceil((5 - 2) / 2) = 2 when 2 pixels are to be 5.
TEST(Preprocess, PadsWithBlack) {
  PreprocessorConfig config;
  config.resize = PreprocessorConfig::Resize::none;
  config.crop_width = config.crop_height = 5;
  const PreparedImage prepared = prepare(flat(2, 2, 70), config).value();
  for (size_t y = 0; y < 5; ++y)
    for (size_t x = 0; x < 5; ++x)
      EXPECT_EQ(red(prepared, 5, x, y), (x == 2 || x == 3) && (y == 2 || y == 3) ? 70 : 0) << x << "," << y;
}

// A quarter-size decode of 401 x 300 is 101 x 75; by its own shape it would be resized to 301 columns, not
// 299.
TEST(Preprocess, AScaledDecodeKeepsTheFullPicturesGeometry) {
  PreprocessorConfig config;
  config.resize = PreprocessorConfig::Resize::shortest_edge;
  config.shortest_edge = 224;
  image::Image small = flat(101, 75, 0);
  for (size_t i = 0; i < small.rgb.size() / 3; ++i) small.rgb[i * 3] = static_cast<uint8_t>(i % 101);
  image::Image whole = small;
  small.full_width = 401;
  small.full_height = 300;
  config.crop_width = 299;
  config.crop_height = 224;
  const PreparedImage full = prepare(small, config).value(), own = prepare(whole, config).value();
  EXPECT_EQ(red(full, 299, 0, 0), 0);
  EXPECT_EQ(red(full, 299, 298, 0), 100);
  EXPECT_NE(full.rgb, own.rgb);
}

TEST(Preprocess, ImpossiblePicturesAreErrors) {
  EXPECT_EQ(prepare({}, {}).error().kind(), ErrorKind::invalid_argument);
  image::Image thread = flat(100000, 1, 1);
  const auto prepared = prepare(thread, {});
  ASSERT_FALSE(prepared.ok());
  EXPECT_EQ(prepared.error().kind(), ErrorKind::too_large);
  EXPECT_THAT(prepared.error().message(), HasSubstr("a side of 22400000 pixels"));
}

TEST(Preprocess, PixelScaleIsRescaleThenNormalise) {
  const PixelScale scale = pixel_scale({});
  EXPECT_NEAR(255 * scale.scale[0] + scale.offset[0], (1 - 0.48145466) / 0.26862954, 1e-6);
  PreprocessorConfig raw;
  raw.rescale = raw.normalize = false;
  EXPECT_EQ(pixel_scale(raw).scale[1], 1.f);
  EXPECT_EQ(pixel_scale(raw).offset[1], 0.f);
}

// The tolerance is one grey level in the units of the tensor: 1/255 of its range.
TEST(Preprocess, EqualsTheReferenceOnAPhotograph) {
  const fs::path data = fs::path(ELANUS_SOURCE_DIR) / "../shared/data/clip-golden";
  if (!fs::exists(data)) GTEST_SKIP() << "needs the reference picture in " << data;
  const auto bytes = io::read_file(data / "franz-kafka.jpg", 1 << 24);
  ASSERT_TRUE(bytes.ok());
  const auto picture = image::decode(*bytes);
  ASSERT_TRUE(picture.ok()) << picture.error().message();
  const auto prepared = prepare(*picture, {});
  ASSERT_TRUE(prepared.ok());
  // float32 of [1][3][224][224] after NumPy's header
  const auto npy = io::read_file(data / "expected_preprocessed_image.npy", 1 << 24);
  ASSERT_TRUE(npy.ok());
  constexpr size_t count = 3 * 224 * 224;
  ASSERT_GT(npy->size(), count * sizeof(float));
  std::vector<float> expected(count);
  std::memcpy(expected.data(), npy->data() + npy->size() - count * sizeof(float), count * sizeof(float));
  const PixelScale scale = pixel_scale({});
  double worst = 0;
  for (size_t c = 0; c < 3; ++c)
    for (size_t i = 0; i < 224 * 224; ++i) {
      const float value = static_cast<float>(prepared->rgb[i * 3 + c]) * scale.scale[c] + scale.offset[c];
      const float difference = std::abs(value - expected[c * 224 * 224 + i]);
      worst = std::max(worst, static_cast<double>(difference / scale.scale[c]));
    }
  RecordProperty("largest_difference_in_grey_levels", std::to_string(worst));
  EXPECT_LE(worst, 1 + 1e-3);
}

}  // namespace
}  // namespace elanus::clip
