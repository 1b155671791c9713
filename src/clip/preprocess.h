// From a decoded picture to the image tower's input, with the geometry of transformers' CLIPImageProcessor.
#pragma once
#include <array>
#include <cstdint>

#include "base/result.h"
#include "clip/clip.h"
#include "clip/config.h"
#include "image/image.h"

namespace elanus::clip {

// Resized and cropped: 8-bit, as in the reference, which resizes 8-bit pictures. `check_fits` said that the
// result is image_size x image_size x 3 for this config. For a scaled decode the geometry is that of the full
// picture. invalid_argument for an empty picture; too_large when the resized picture would have a side above
// 2^24 pixels. Thread-safety: pure.
Result<PreparedImage> prepare(const image::Image& picture, const PreprocessorConfig& config);

// Rescaling and normalisation in one: a byte v of channel c means v * scale[c] + offset[c] to the image
// tower.
struct PixelScale {
  std::array<float, 3> scale, offset;
};
PixelScale pixel_scale(const PreprocessorConfig& config);

// What each byte of each channel means to the image tower.
using PixelTable = std::array<std::array<float, 256>, 3>;
PixelTable pixel_table(const PixelScale& scale);

}  // namespace elanus::clip
