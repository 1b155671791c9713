// Sixels: the picture in strips of six rows; for each colour in a strip one pass over its columns, a
// character for the six pixels that have it, the top one in the lowest bit (VT330/VT340 Programmer Reference,
// chapter 14).
#include <algorithm>
#include <array>
#include <cstdint>

#include "preview/picture.h"

namespace elanus::preview {
namespace {

// A fixed palette with more greens, to which eyes are sensitive: 6 x 7 x 6 colours.
constexpr std::array<int, 3> kLevels{6, 7, 6};
constexpr int kColours = 6 * 7 * 6;

int level(int channel, int value) {
  const int steps = kLevels[channel] - 1;
  return (std::clamp(value, 0, 255) * steps + 127) / 255;
}

// The palette index of each pixel; Floyd and Steinberg's error diffusion, "An adaptive algorithm for spatial
// grey scale", 1976.
std::vector<uint8_t> quantize(const image::Image& picture) {
  const size_t width = picture.width;
  std::vector<uint8_t> indices(width * picture.height);
  // Errors of this row and the next in sixteenths, with a margin on both sides.
  std::vector<std::array<int, 3>> here(width + 2), below(width + 2);
  for (uint32_t y = 0; y < picture.height; ++y) {
    for (size_t x = 0; x < width; ++x) {
      int index = 0;
      for (int c = 0; c < 3; ++c) {
        const int wanted = picture.rgb[3 * (y * width + x) + c] + here[x + 1][c] / 16;
        const int chosen = level(c, wanted);
        const int error = std::clamp(wanted, 0, 255) - chosen * 255 / (kLevels[c] - 1);
        index = index * kLevels[c] + chosen;
        here[x + 2][c] += 7 * error;
        below[x][c] += 3 * error;
        below[x + 1][c] += 5 * error;
        below[x + 2][c] += error;
      }
      indices[y * width + x] = static_cast<uint8_t>(index);
    }
    here.swap(below);
    std::fill(below.begin(), below.end(), std::array<int, 3>{});
  }
  return indices;
}

std::string palette() {
  std::string text;
  for (int i = 0; i < kColours; ++i) {
    const int red = i / 42, green = i / 6 % 7, blue = i % 6;
    text += "#" + std::to_string(i) + ";2;" + std::to_string(red * 20) + ";" +
            std::to_string((green * 100 + 3) / 6) + ";" + std::to_string(blue * 20);
  }
  return text;
}

// A character repeated, in the shorter spelling.
void append_run(std::string& text, char sixel, size_t length) {
  if (length > 3)
    text += "!" + std::to_string(length) + sixel;
  else
    text.append(length, sixel);
}

}  // namespace

std::string sixel_sequence(const image::Image& picture) {
  const size_t width = picture.width;
  const auto indices = quantize(picture);
  std::string text =
      "\x1bP0;1;0q\"1;1;" + std::to_string(width) + ";" + std::to_string(picture.height) + palette();
  std::vector<uint8_t> bits(kColours * width);
  for (uint32_t top = 0; top < picture.height; top += 6) {
    std::fill(bits.begin(), bits.end(), uint8_t{0});
    std::array<bool, kColours> used{};
    for (uint32_t y = top; y < std::min(top + 6, picture.height); ++y)
      for (size_t x = 0; x < width; ++x) {
        const uint8_t index = indices[y * width + x];
        bits[index * width + x] = static_cast<uint8_t>(bits[index * width + x] | 1 << (y - top));
        used[index] = true;
      }
    for (int colour = 0; colour < kColours; ++colour) {
      if (!used[colour]) continue;
      text += "#" + std::to_string(colour);
      const uint8_t* row = &bits[colour * width];
      for (size_t x = 0; x < width;) {
        const size_t end = std::find_if(row + x, row + width, [&](uint8_t b) { return b != row[x]; }) - row;
        append_run(text, static_cast<char>('?' + row[x]), end - x);
        x = end;
      }
      text += "$";
    }
    text += "-";
  }
  return text + "\x1b\\";
}

}  // namespace elanus::preview
