#include "image/resize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "image/test_pictures.h"

namespace elanus::image {
namespace {

using ::testing::HasSubstr;

// The same picture as noise() in tools/golden/pictures.py.
Image noise(uint32_t width, uint32_t height) {
  Image image{width, height, std::vector<uint8_t>(size_t{width} * height * 3), width, height};
  for (uint32_t i = 0; i < image.rgb.size(); ++i)
    image.rgb[i] = static_cast<uint8_t>((i * 2654435761u + 12345u) >> 24);
  return image;
}

std::vector<uint8_t> room_for(const ResizeCrop& plan) {
  return std::vector<uint8_t>(static_cast<size_t>(plan.crop_width * plan.crop_height * 3));
}

TEST(ResizeCrop, IsBitForBitWhatPillowGives) {
  const auto goldens = files_below(tests_folder() / "goldens" / "resize");
  ASSERT_GT(goldens.size(), 14u);
  for (const auto& file : goldens) {
    std::string name = file.stem().string();
    std::ranges::replace(name, '_', ' ');
    std::istringstream numbers(name);
    int filter = 0;
    uint32_t width = 0, height = 0;
    ResizeCrop plan;
    numbers >> filter >> width >> height >> plan.width >> plan.height >> plan.crop_x >> plan.crop_y >>
        plan.crop_width >> plan.crop_height;
    ASSERT_FALSE(numbers.fail()) << name;
    plan.filter = static_cast<Filter>(filter);
    const Image golden = read_golden(file);
    auto fast = room_for(plan), slow = room_for(plan);
    ASSERT_TRUE(resize_crop(noise(width, height), plan, fast).ok());
    ASSERT_TRUE(reference::resize_crop(noise(width, height), plan, slow).ok());
    EXPECT_EQ(fast, golden.rgb) << name;
    EXPECT_EQ(slow, golden.rgb) << name;
  }
}

TEST(ResizeCrop, FastAndReferenceAgreeOnAnySize) {
  std::mt19937 random(7);
  const auto up_to = [&](int64_t n) { return static_cast<int64_t>(random() % static_cast<uint64_t>(n)) + 1; };
  for (int i = 0; i < 300; ++i) {
    Image source = noise(static_cast<uint32_t>(up_to(90)), static_cast<uint32_t>(up_to(90)));
    for (auto& sample : source.rgb)
      if (i % 3 == 0) sample = sample > 127 ? 255 : 0;  // the largest overshoot
    ResizeCrop plan{.width = up_to(60), .height = up_to(60), .filter = static_cast<Filter>(1 + i % 5)};
    plan.crop_x = up_to(plan.width) - 3, plan.crop_y = up_to(plan.height) - 3;
    plan.crop_width = up_to(70), plan.crop_height = up_to(70);
    auto fast = room_for(plan), slow = room_for(plan);
    ASSERT_TRUE(resize_crop(source, plan, fast).ok());
    ASSERT_TRUE(reference::resize_crop(source, plan, slow).ok());
    ASSERT_EQ(fast, slow) << source.width << "x" << source.height << " to " << plan.width << "x"
                          << plan.height;
  }
}

TEST(ResizeCrop, AWindowIsThatPartOfTheWhole) {
  const Image source = noise(133, 200);
  const ResizeCrop all{.width = 44, .height = 66, .crop_width = 44, .crop_height = 66};
  const ResizeCrop part{
      .width = 44, .height = 66, .crop_x = 5, .crop_y = 12, .crop_width = 30, .crop_height = 40};
  auto whole = room_for(all), window = room_for(part);
  ASSERT_TRUE(resize_crop(source, all, whole).ok());
  ASSERT_TRUE(resize_crop(source, part, window).ok());
  for (size_t y = 0; y < 40; ++y)
    EXPECT_TRUE(std::equal(&window[y * 90], &window[y * 90] + 90, &whole[((y + 12) * 44 + 5) * 3])) << y;
}

TEST(ResizeCrop, OutsideThePictureIsBlack) {
  Image white{4, 4, std::vector<uint8_t>(48, 255), 4, 4};
  const ResizeCrop plan{
      .width = 2, .height = 2, .crop_x = -1, .crop_y = -2, .crop_width = 4, .crop_height = 5};
  std::vector<uint8_t> out(60, 77);
  ASSERT_TRUE(resize_crop(white, plan, out).ok());
  for (size_t y = 0; y < 5; ++y)
    for (size_t x = 0; x < 4; ++x)
      EXPECT_EQ(out[(y * 4 + x) * 3], x >= 1 && x < 3 && y >= 2 && y < 4 ? 255 : 0) << x << "," << y;
}

TEST(ResizeCrop, SaysWhatDoesNotFit) {
  const Image source = noise(8, 8);
  std::vector<uint8_t> out(12);
  const auto wrong_room =
      resize_crop(source, {.width = 4, .height = 4, .crop_width = 4, .crop_height = 4}, out);
  ASSERT_FALSE(wrong_room.ok());
  EXPECT_EQ(wrong_room.error().kind(), ErrorKind::invalid_argument);
  EXPECT_EQ(wrong_room.error().message(), "expected room for 4x4 pixels, got 12 bytes");
  EXPECT_FALSE(resize_crop(source, {.width = 0, .height = 4, .crop_width = 2, .crop_height = 2}, out).ok());
  Image liar = source;
  liar.width = 9;
  const auto wrong_source =
      resize_crop(liar, {.width = 2, .height = 2, .crop_width = 2, .crop_height = 2}, out);
  ASSERT_FALSE(wrong_source.ok());
  EXPECT_THAT(wrong_source.error().message(), HasSubstr("9x8 pixels holds 192 bytes"));
}

TEST(ResizeCrop, ElongatedPicturesStayWithinMemory) {
  std::vector<uint8_t> out(224 * 224 * 3);
  const Image column{1, 3'000'000, std::vector<uint8_t>(9'000'000, 9), 1, 3'000'000};
  // Its aspect ratio kept, only the middle is touched.
  const ResizeCrop kept{.width = 224,
                        .height = int64_t{224} * 3'000'000,
                        .crop_y = int64_t{112} * 3'000'000,
                        .crop_width = 224,
                        .crop_height = 224};
  ASSERT_TRUE(resize_crop(column, kept, out).ok());
  EXPECT_EQ(out[0], 9);
  // Squashed, its rows would have to be widened first.
  const auto squashed =
      resize_crop(column, {.width = 224, .height = 224, .crop_width = 224, .crop_height = 224}, out);
  ASSERT_FALSE(squashed.ok());
  EXPECT_EQ(squashed.error().kind(), ErrorKind::too_large);
}

Image part_of(const Image& whole, Part part, uint32_t width, uint32_t height) {
  Image out{width, height, {}, whole.width, whole.height};
  for (size_t y = part.top; y < part.top + height; ++y) {
    const auto row = whole.rgb.begin() + static_cast<ptrdiff_t>((y * whole.width + part.left) * 3);
    out.rgb.insert(out.rgb.end(), row, row + ptrdiff_t{width} * 3);
  }
  out.part = part;
  return out;
}

TEST(ResizeCrop, APartGivesWhatTheWholeGives) {
  const Image whole = noise(97, 61);
  for (int filter = 0; filter <= 5; ++filter) {
    const ResizeCrop plan{.width = 19,
                          .height = 12,
                          .crop_x = 4,
                          .crop_y = 1,
                          .crop_width = 11,
                          .crop_height = 10,
                          .filter = static_cast<Filter>(filter)};
    // At 5.1 to an output, the outermost reach three outputs further: columns 5 to 92.
    const Image part = part_of(whole, {5, 0, 97, 61}, 87, 61);
    auto expected = room_for(plan), got = room_for(plan);
    ASSERT_TRUE(resize_crop(whole, plan, expected).ok());
    ASSERT_TRUE(resize_crop(part, plan, got).ok()) << filter;
    EXPECT_EQ(got, expected) << filter;
  }
}

TEST(ResizeCrop, RefusesAPartThatIsTooSmall) {
  const Image part = part_of(noise(97, 61), {30, 0, 97, 61}, 67, 61);
  for (const Filter filter : {Filter::nearest, Filter::bicubic}) {
    const ResizeCrop plan{
        .width = 97, .height = 61, .crop_x = 20, .crop_width = 60, .crop_height = 61, .filter = filter};
    auto out = room_for(plan);
    const auto result = resize_crop(part, plan, out);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().kind(), ErrorKind::invalid_argument);
    EXPECT_THAT(result.error().message(), HasSubstr("only 30 to 97"));
  }
}

}  // namespace
}  // namespace elanus::image
