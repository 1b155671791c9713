#include "preview/picture.h"

#include <gmock/gmock.h>

#include <map>

#include "base/base64.h"
#include "image/fit.h"

namespace elanus::preview {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

image::Image plain(uint32_t width, uint32_t height, uint8_t red, uint8_t green, uint8_t blue) {
  image::Image picture{width, height, {}, width, height};
  for (size_t i = 0; i < size_t{width} * height; ++i)
    picture.rgb.insert(picture.rgb.end(), {red, green, blue});
  return picture;
}

// Colours that change slowly in both directions, as in a sky.
image::Image gradient(uint32_t width, uint32_t height) {
  image::Image picture = plain(width, height, 0, 0, 0);
  for (uint32_t y = 0; y < height; ++y)
    for (uint32_t x = 0; x < width; ++x) {
      uint8_t* p = &picture.rgb[3 * (y * width + x)];
      p[0] = static_cast<uint8_t>(255 * x / (width - 1));
      p[1] = static_cast<uint8_t>(255 * y / (height - 1));
      p[2] = static_cast<uint8_t>(128 + 60 * x / width);
    }
  return picture;
}

// Cells of a line, colours left out.
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

const std::vector<std::pair<uint32_t, uint32_t>> kShapes{{200, 10}, {10, 200}, {64, 64}, {1, 1}, {13, 7}};

TEST(Tile, IsAsLargeAsAskedForWhateverTheShape) {
  for (const Graphics graphics : {Graphics::blocks, Graphics::kitty, Graphics::iterm2, Graphics::sixel})
    for (const auto& [width, height] : kShapes) {
      const auto tile = picture_tile(plain(width, height, 10, 200, 30), 12, 5, {graphics, 80, 9, 17});
      ASSERT_TRUE(tile.ok()) << tile.error().message();
      ASSERT_EQ(tile->lines.size(), 5u);
      for (const auto& line : tile->lines) EXPECT_EQ(cells(line), 12u);
      EXPECT_EQ(tile->drawings.size(), graphics == Graphics::blocks ? 0u : 1u);
      for (const auto& drawing : tile->drawings) {
        EXPECT_LT(drawing.column, 12u);
        EXPECT_LT(drawing.line, 5u);
      }
    }
}

TEST(Blocks, TwoPixelsInACell) {
  image::Image picture = plain(1, 2, 10, 200, 30);
  picture.rgb[3] = 99;
  EXPECT_THAT(block_lines(picture), testing::ElementsAre("\x1b[38;2;10;200;30m\x1b[48;2;99;200;30m▀\x1b[0m"));
}

TEST(Kitty, ChunksThatTogetherAreThePng) {
  const std::string png(10'000, 'x');
  const std::string text = kitty_sequence(png, 12, 5);
  EXPECT_THAT(text, StartsWith("\x1b_Ga=T,f=100,q=2,C=1,c=12,r=5,m=1;"));
  std::string payload;
  for (size_t at = 0; (at = text.find(';', at)) != std::string::npos;) {
    const size_t end = text.find("\x1b\\", at);
    const std::string chunk = text.substr(at + 1, end - at - 1);
    EXPECT_LE(chunk.size(), 4096u);
    payload += chunk;
    EXPECT_EQ(text[at - 1], end + 2 == text.size() ? '0' : '1') << "only the last one is the last";
    at = end;
  }
  EXPECT_EQ(payload, base::base64(png));
}

TEST(Iterm2, OneFileWithItsSize) {
  EXPECT_EQ(iterm2_sequence("png!", 12, 5), "\x1b]1337;File=inline=1;size=4;width=12;height=5:cG5nIQ==\a");
}

// A slow reader of what sixel_sequence writes, by the manual.
image::Image read_sixels(const std::string& text) {
  size_t at = text.find('"') + 1;
  const auto number = [&] {
    int n = 0;
    while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])))
      n = 10 * n + (text[at++] - '0');
    return n;
  };
  const auto next = [&] { return ++at, number(); };
  number();
  next();
  const auto width = static_cast<uint32_t>(next());
  const auto height = static_cast<uint32_t>(next());
  image::Image picture = plain(width, height, 0, 0, 0);
  std::map<int, std::array<int, 3>> colours;
  int colour = 0, repeat = 1;
  uint32_t x = 0, top = 0;
  while (text[at] != '\x1b') {
    const char c = text[at++];
    if (c == '#') {
      colour = number();
      if (text[at] == ';') {
        EXPECT_EQ(next(), 2) << "red, green, blue";
        colours[colour] = {next(), next(), next()};
      }
    } else if (c == '!') {
      repeat = number();
    } else if (c == '$') {
      x = 0;
    } else if (c == '-') {
      x = 0;
      top += 6;
    } else {
      for (; repeat > 0; --repeat, ++x)
        for (uint32_t bit = 0; bit < 6; ++bit)
          if ((c - '?') >> bit & 1)
            for (int channel = 0; channel < 3; ++channel)
              picture.rgb.at(3 * ((top + bit) * width + x) + channel) =
                  static_cast<uint8_t>(colours.at(colour)[channel] * 255 / 100);
      repeat = 1;
    }
  }
  return picture;
}

TEST(Sixel, ReadsBackAsThePicture) {
  for (const auto& [width, height] : {std::pair{96u, 64u}, {31u, 7u}}) {
    const image::Image picture = gradient(width, height);
    const image::Image back = read_sixels(sixel_sequence(picture));
    ASSERT_EQ(back.width, width);
    ASSERT_EQ(back.height, height);
    // Diffusion trades detail for the mean: over 5 x 5 pixels the error of a channel is a fraction of a
    // palette step (51).
    for (uint32_t y = 0; y + 5 <= height; y += 5)
      for (uint32_t x = 0; x + 5 <= width; x += 5)
        for (int c = 0; c < 3; ++c) {
          int difference = 0;
          for (uint32_t dy = 0; dy < 5; ++dy)
            for (uint32_t dx = 0; dx < 5; ++dx) {
              const size_t i = 3 * ((y + dy) * width + x + dx) + c;
              difference += picture.rgb[i] - back.rgb[i];
            }
          EXPECT_LE(std::abs(difference / 25), 12) << x << " " << y << " " << c;
        }
  }
}

TEST(Sixel, EndsAsItShould) {
  const std::string text = sixel_sequence(plain(3, 3, 255, 255, 255));
  EXPECT_THAT(text, StartsWith("\x1bP0;1;0q\"1;1;3;3#0;2;0;0;0"));
  EXPECT_THAT(text, HasSubstr("#251FFF$-\x1b\\"));
}

}  // namespace
}  // namespace elanus::preview
