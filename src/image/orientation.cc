#include "image/orientation.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace elanus::image {
namespace {

struct Pixel {
  uint8_t r, g, b;
};
static_assert(sizeof(Pixel) == 3);

void mirror_rows(Image& image) {
  auto* pixels = reinterpret_cast<Pixel*>(image.rgb.data());
  for (size_t y = 0; y < image.height; ++y)
    std::reverse(pixels + y * image.width, pixels + (y + 1) * image.width);
  if (image.part.of_width != 0) image.part.left = image.part.of_width - image.part.left - image.width;
}

void flip_rows(Image& image) {
  const size_t row = size_t{image.width} * 3;
  for (size_t y = 0; y < image.height / 2; ++y)
    std::swap_ranges(image.rgb.begin() + static_cast<ptrdiff_t>(y * row),
                     image.rgb.begin() + static_cast<ptrdiff_t>((y + 1) * row),
                     image.rgb.begin() + static_cast<ptrdiff_t>((image.height - 1 - y) * row));
  if (image.part.of_height != 0) image.part.top = image.part.of_height - image.part.top - image.height;
}

// Columns become rows. In squares, so that both sides stay in cache.
Image transposed(const Image& image) {
  constexpr size_t side = 32;
  Image out{image.height, image.width, std::vector<uint8_t>(image.rgb.size()), image.full_height,
            image.full_width};
  out.part = {image.part.top, image.part.left, image.part.of_height, image.part.of_width};
  const size_t width = image.width, height = image.height;
  for (size_t top = 0; top < height; top += side)
    for (size_t left = 0; left < width; left += side)
      for (size_t x = left; x < std::min(width, left + side); ++x)
        for (size_t y = top; y < std::min(height, top + side); ++y)
          std::memcpy(&out.rgb[(x * height + y) * 3], &image.rgb[(y * width + x) * 3], 3);
  return out;
}

}  // namespace

Image upright(Image image, int orientation) {
  // 5 to 8 are transposed first; what then remains is a mirroring of either axis or both.
  if (orientation >= 5 && orientation <= 8) image = transposed(image);
  switch (orientation) {
    case 2:
    case 6:
      mirror_rows(image);
      break;
    case 4:
    case 8:
      flip_rows(image);
      break;
    case 3:
    case 7:
      mirror_rows(image);
      flip_rows(image);
      break;
    default:
      break;
  }
  return image;
}

}  // namespace elanus::image
