// From what a file stores to what a model sees: profile, ink or alpha to plain RGB, then orientation.
#include <utility>

#include "image/codec.h"
#include "image/colour.h"
#include "image/orientation.h"

namespace elanus::image {
namespace {

// round(a * b / 255) for a, b in 0..255.
constexpr unsigned mul255(unsigned a, unsigned b) {
  const unsigned t = a * b + 128;
  return (t + (t >> 8)) >> 8;
}

// In place, from the end: pixel i is written at 3i, which no pixel before it needs.
void gray_to_rgb(Pixels& pixels) {
  const size_t count = pixels.samples.size();
  pixels.samples.resize(count * 3);
  uint8_t* samples = pixels.samples.data();
  for (size_t i = count; i-- > 0;) {
    const uint8_t level = samples[i];
    samples[3 * i] = samples[3 * i + 1] = samples[3 * i + 2] = level;
  }
}

// In place: pixel i is written at 3i after it was read at 4i.
template <class Convert>
void four_to_rgb(Pixels& pixels, const Convert& convert) {
  const size_t count = pixels.samples.size() / 4;
  uint8_t* out = pixels.samples.data();
  const uint8_t* in = out;
  for (size_t i = 0; i < count; ++i, in += 4, out += 3) {
    const unsigned last = in[3];
    for (size_t c = 0; c < 3; ++c) out[c] = static_cast<uint8_t>(convert(in[c], last));
  }
  pixels.samples.resize(count * 3);
}

void to_rgb(Pixels& pixels) {
  switch (pixels.layout) {
    case Layout::rgb:
      break;
    case Layout::gray:
      gray_to_rgb(pixels);
      break;
    case Layout::rgba:  // over white
      four_to_rgb(pixels, [](unsigned c, unsigned alpha) { return 255 - mul255(255 - c, alpha); });
      break;
    case Layout::cmyk:  // no profile: what is left of white after one ink and black
      four_to_rgb(pixels,
                  [](unsigned ink, unsigned black) { return 255 - black - mul255(ink, 255 - black); });
      break;
  }
  pixels.layout = Layout::rgb;
}

}  // namespace

Result<Image> finish(Pixels pixels) {
  apply_profile(pixels);
  to_rgb(pixels);
  Image image{pixels.width, pixels.height, std::move(pixels.samples), pixels.width, pixels.height};
  if (pixels.full_width != 0) {
    image.full_width = pixels.full_width;
    image.full_height = pixels.full_height;
  }
  if (pixels.part.of_width != image.width || pixels.part.of_height != image.height) image.part = pixels.part;
  image = upright(std::move(image), pixels.exif.orientation);
  image.capture = std::move(pixels.exif.capture);
  return image;
}

}  // namespace elanus::image
