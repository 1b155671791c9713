// Small pictures written out by hand: what no common program writes, but files in the wild hold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/test_pictures.h"

namespace elanus::image {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string little(uint64_t value, size_t size) {
  std::string text;
  for (size_t i = 0; i < size; ++i) text += static_cast<char>(i < 8 ? value >> 8 * i : 0);
  return text;
}

std::vector<uint8_t> rgb_of(const std::string& file) {
  const auto image = decode_text(file);
  EXPECT_TRUE(image.ok()) << image.error().message();
  return image.ok() ? image->rgb : std::vector<uint8_t>();
}

std::string error_of(const std::string& file) {
  const auto image = decode_text(file);
  EXPECT_FALSE(image.ok());
  return image.ok() ? "" : image.error().message();
}

// A BITMAPINFOHEADER file; `extra` stands between header and raster (masks, palette).
std::string bmp(uint32_t width, int32_t height, unsigned bits, uint32_t compression, const std::string& extra,
                const std::string& raster, uint32_t colours = 0) {
  return "BM"s + little(0, 8) + little(54 + extra.size(), 4) + little(40, 4) + little(width, 4) +
         little(static_cast<uint32_t>(height), 4) + little(1, 2) + little(bits, 2) + little(compression, 4) +
         little(0, 12) + little(colours, 4) + little(0, 4) + extra + raster;
}

const std::string two_colours = "\0\0\0\0\xff\x80\x40\0"s;  // black; red 0x40, green 0x80, blue 0xff

TEST(Bmp, BottomUpAndTopDown) {
  const std::string rows = "\1\2\3\0\4\5\6\0"s;  // blue, green, red, padding
  EXPECT_THAT(rgb_of(bmp(1, 2, 24, 0, "", rows)), ElementsAre(6, 5, 4, 3, 2, 1));
  EXPECT_THAT(rgb_of(bmp(1, -2, 24, 0, "", rows)), ElementsAre(3, 2, 1, 6, 5, 4));
}

TEST(Bmp, RunLengths8) {
  // Two pixels of 1, one 0; end of row; skip right 1 and up 0, then a literal run of 2 that is padded.
  const std::string code = "\2\1\1\0\0\0\0\2\1\0\0\3\1\1\1\0\0\1"s;
  EXPECT_THAT(rgb_of(bmp(3, 2, 8, 1, two_colours, code, 2)),
              ElementsAre(0, 0, 0, 64, 128, 255, 64, 128, 255, 64, 128, 255, 64, 128, 255, 0, 0, 0));
}

TEST(Bmp, RunLengths4) {
  EXPECT_THAT(rgb_of(bmp(3, 1, 4, 2, two_colours, "\3\x10\0\1"s, 2)),
              ElementsAre(64, 128, 255, 0, 0, 0, 64, 128, 255));
  EXPECT_THAT(error_of(bmp(3, 2, 4, 2, two_colours, "\3\x10"s, 2)),
              HasSubstr("run-length code ends too early"));
}

TEST(Bmp, BitFields) {
  const std::string masks565 = little(0xf800, 4) + little(0x07e0, 4) + little(0x001f, 4);
  EXPECT_THAT(rgb_of(bmp(2, 1, 16, 3, masks565, little(0xf800, 2) + little(0x001f, 2))),
              ElementsAre(255, 0, 0, 0, 0, 255));
  EXPECT_THAT(rgb_of(bmp(1, 1, 16, 0, "", little(0x7c00, 4))), ElementsAre(255, 0, 0)) << "5-5-5 by default";
  const std::string empty_masks(12, '\0');
  EXPECT_THAT(rgb_of(bmp(1, 1, 32, 3, empty_masks, "abcd")), ElementsAre(0, 0, 0));
}

TEST(Bmp, OldHeaderAndSmallDepths) {
  const std::string core = "BM"s + little(0, 8) + little(26 + 6, 4) + little(12, 4) + little(3, 2) +
                           little(1, 2) + little(1, 2) + little(1, 2) + "\1\2\3\4\5\6"s + "\xa0\0\0\0"s;
  EXPECT_THAT(rgb_of(core), ElementsAre(6, 5, 4, 3, 2, 1, 6, 5, 4));
  EXPECT_THAT(rgb_of(bmp(2, 1, 4, 0, two_colours, "\x1f\0\0\0"s, 2)), ElementsAre(64, 128, 255, 0, 0, 0))
      << "an index beyond the palette is black";
}

TEST(Bmp, SaysWhatItDoesNotRead) {
  EXPECT_EQ(error_of(bmp(1, 1, 24, 4, "", "abcd")), "BMP: has compression 4, which is not read");
  EXPECT_EQ(error_of(bmp(1, 1, 7, 0, "", "abcd")), "BMP: has a bit depth of 7, which is not read");
  EXPECT_THAT(error_of(bmp(1, 2, 24, 0, "", "abcd")),
              HasSubstr("holds 4 bytes of picture data, its size needs at least 7"));
}

TEST(Pnm, PlainWithCommentsAndTouchingBits) {
  EXPECT_THAT(rgb_of("P1 # a comment\n# another 9 9\n3 1\n1 01"),
              ElementsAre(0, 0, 0, 255, 255, 255, 0, 0, 0));
  EXPECT_THAT(rgb_of("P2\n2 1\n15\n0 15"), ElementsAre(0, 0, 0, 255, 255, 255));
  EXPECT_THAT(rgb_of("P3 1 1 255 1 2 3"), ElementsAre(1, 2, 3));
}

TEST(Pnm, RawOfAnyDepth) {
  EXPECT_THAT(rgb_of("P4 9 1\n\x80\x80"s),
              ElementsAre(0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
                          255, 255, 255, 255, 255, 255, 0, 0, 0));
  EXPECT_THAT(rgb_of("P5 2 1 65535\n\xff\xff\x80\x80"s), ElementsAre(255, 255, 255, 128, 128, 128));
  EXPECT_THAT(rgb_of("P6 1 1 31\n\x1f\x10\0"s), ElementsAre(255, 132, 0));
}

TEST(Pnm, SaysWhereItBreaks) {
  EXPECT_THAT(error_of("P3 1 1 255 1 x 3"), HasSubstr("expected a number up to 255 at byte 13"));
  EXPECT_THAT(error_of("P2 1 1 15 16"), HasSubstr("expected a number up to 15"));
  EXPECT_THAT(error_of("P5 4 4 255 abc"), HasSubstr("its size needs at least 16"));
  EXPECT_THAT(error_of("P5 1 1 0 a"), HasSubstr("largest value of 0"));
  EXPECT_THAT(error_of("P1 3 1 102"), HasSubstr("expected 0 or 1"));
}

// One red pixel at (1, 1) of a 3 x 2 canvas.
std::string gif(const std::string& before, uint8_t left, uint8_t top) {
  return "GIF89a\3\0\2\0\x80\0\0\xff\0\0\0\0\xff"s + before + ","s + little(left, 2) + little(top, 2) +
         "\1\0\1\0\0"s + "\2\2\x44\1\0;"s;
}

TEST(Gif, AFrameSmallerThanItsCanvasStandsOnWhite) {
  EXPECT_THAT(rgb_of(gif("", 1, 1)), ElementsAre(255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
                                                 255, 0, 0, 255, 255, 255));
  EXPECT_THAT(rgb_of(gif("!\xf9\4\1\0\0\0\0"s, 1, 1)), testing::Each(255)) << "index 0 is transparent";
}

TEST(Gif, AFrameOutsideItsCanvasEnlargesIt) {
  const auto image = decode_text(gif("", 4, 3));
  ASSERT_TRUE(image.ok()) << image.error().message();
  EXPECT_EQ(image->width, 5u);
  EXPECT_EQ(image->height, 4u);
}

TEST(Gif, WithoutAPicture) { EXPECT_THAT(error_of("GIF89a\3\0\2\0\0\0\0;"s), HasSubstr("holds no picture")); }

}  // namespace
}  // namespace elanus::image
