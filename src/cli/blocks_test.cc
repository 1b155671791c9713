#include "cli/blocks.h"

#include <gmock/gmock.h>

namespace elanus::cli {
namespace {

image::Image plain(uint32_t width, uint32_t height, uint8_t red, uint8_t green, uint8_t blue) {
  image::Image picture{width, height, {}, width, height};
  for (size_t i = 0; i < size_t{width} * height; ++i) picture.rgb.insert(picture.rgb.end(), {red, green, blue});
  return picture;
}

size_t cells(const std::string& line) {
  size_t count = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b') {
      i = line.find('m', i);
    } else if ((static_cast<unsigned char>(line[i]) & 0xc0) != 0x80) {
      ++count;
    }
  }
  return count;
}

TEST(Blocks, EveryLineHasTheSameWidthWhateverTheShape) {
  for (const auto& [width, height] : {std::pair{200u, 10u}, {10u, 200u}, {64u, 64u}, {1u, 1u}}) {
    const auto lines = render_blocks(plain(width, height, 10, 200, 30), 12, 5);
    ASSERT_TRUE(lines.ok());
    ASSERT_EQ(lines->size(), 5u);
    for (const auto& line : *lines) EXPECT_EQ(cells(line), 12u);
  }
}

TEST(Blocks, ShowsTheColour) {
  const auto lines = render_blocks(plain(8, 8, 10, 200, 30), 8, 4);
  EXPECT_THAT((*lines)[1], testing::HasSubstr("\x1b[38;2;10;200;30m\x1b[48;2;10;200;30m▀"));
}

}  // namespace
}  // namespace elanus::cli
