#include "clip/preprocess.h"

#include <algorithm>

#include "image/resize.h"

namespace elanus::clip {
namespace {

constexpr int64_t max_side = int64_t{1} << 24;

// Rounds down also below zero, as Python's //.
int64_t half(int64_t value) { return value >= 0 ? value / 2 : -((1 - value) / 2); }

// (size - crop) / 2, rounded as the model's own code rounds.
int64_t crop_start(int64_t size, int64_t crop, PreprocessorConfig::CropRounding rounding) {
  const int64_t down = half(size - crop);
  const bool odd = (size - crop) % 2 != 0;
  return rounding == PreprocessorConfig::CropRounding::half_to_even && odd && down % 2 != 0 ? down + 1 : down;
}

}  // namespace

Result<PreparedImage> prepare(const image::Image& picture, const PreprocessorConfig& config) {
  if (picture.width == 0 || picture.height == 0)
    return Error(ErrorKind::invalid_argument, "expected a picture of at least 1 x 1 pixels, got " +
                                                  std::to_string(picture.width) + " x " +
                                                  std::to_string(picture.height));
  const int64_t width = picture.full_width ? picture.full_width : picture.width;
  const int64_t height = picture.full_height ? picture.full_height : picture.height;
  image::ResizeCrop plan{.width = width, .height = height};
  plan.filter = static_cast<image::Filter>(config.resample);

  // transformers, image_transforms.py, get_resize_output_image_size: int(size * long / short)
  if (config.resize == PreprocessorConfig::Resize::shortest_edge) {
    const int64_t edge = config.shortest_edge, shorter = std::min(width, height);
    plan.width = edge * width / shorter;
    plan.height = edge * height / shorter;
  } else if (config.resize == PreprocessorConfig::Resize::exact) {
    plan.width = config.resize_width;
    plan.height = config.resize_height;
  }
  if (std::max(plan.width, plan.height) > max_side)
    return Error(ErrorKind::too_large, "a picture of " + std::to_string(width) + " x " +
                                           std::to_string(height) +
                                           " pixels is too elongated: resized it would have a side of " +
                                           std::to_string(std::max(plan.width, plan.height)) +
                                           " pixels, expected at most " + std::to_string(max_side));

  // center_crop: top = (height - crop) // 2, or int(round((height - crop) / 2.0)); negative where the picture
  // is padded with black.
  plan.crop_width = config.center_crop ? config.crop_width : plan.width;
  plan.crop_height = config.center_crop ? config.crop_height : plan.height;
  plan.crop_x = crop_start(plan.width, plan.crop_width, config.crop_rounding);
  plan.crop_y = crop_start(plan.height, plan.crop_height, config.crop_rounding);

  PreparedImage prepared;
  prepared.rgb.resize(static_cast<size_t>(plan.crop_width * plan.crop_height * 3));
  TRY(image::resize_crop(picture, plan, prepared.rgb));
  return prepared;
}

PixelScale pixel_scale(const PreprocessorConfig& config) {
  // ((v * factor) - mean) / std
  PixelScale result{};
  const double factor = config.rescale ? config.rescale_factor : 1;
  for (size_t c = 0; c < 3; ++c) {
    const double mean = config.normalize ? config.mean[c] : 0, std = config.normalize ? config.std[c] : 1;
    result.scale[c] = static_cast<float>(factor / std);
    result.offset[c] = static_cast<float>(-mean / std);
  }
  return result;
}

PixelTable pixel_table(const PixelScale& scale) {
  PixelTable table{};
  for (size_t c = 0; c < 3; ++c)
    for (size_t v = 0; v < 256; ++v) table[c][v] = static_cast<float>(v) * scale.scale[c] + scale.offset[c];
  return table;
}

}  // namespace elanus::clip
