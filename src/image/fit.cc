#include "image/fit.h"

#include <algorithm>
#include <cmath>

#include "image/resize.h"

namespace elanus::image {

Result<Image> fit(const Image& picture, uint32_t max_width, uint32_t max_height) {
  if (picture.width == 0 || picture.height == 0 || max_width == 0 || max_height == 0)
    return invalid_argument("cannot fit a picture of " + std::to_string(picture.width) + " x " +
                            std::to_string(picture.height) + " pixels into " + std::to_string(max_width) +
                            " x " + std::to_string(max_height));
  const double scale = std::min(static_cast<double>(max_width) / picture.width,
                                static_cast<double>(max_height) / picture.height);
  const auto side = [&](uint32_t length, uint32_t most) {
    return std::clamp(static_cast<uint32_t>(std::lround(length * scale)), 1u, most);
  };
  Image small{side(picture.width, max_width),
              side(picture.height, max_height),
              {},
              picture.full_width,
              picture.full_height};
  small.rgb.resize(size_t{3} * small.width * small.height);
  TRY(resize_crop(picture, {small.width, small.height, 0, 0, small.width, small.height, Filter::bicubic},
                  small.rgb));
  return small;
}

}  // namespace elanus::image
