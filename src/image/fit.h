// Pictures made to fit: thumbnails, tiles, contact sheets.
#pragma once
#include "base/result.h"
#include "image/image.h"

namespace elanus::image {

// The picture scaled, up or down, to the largest size with its own proportions inside max_width x max_height pixels, each
// at least 1. invalid_argument: an empty picture or box. Thread-safety: pure.
Result<Image> fit(const Image& picture, uint32_t max_width, uint32_t max_height);

}  // namespace elanus::image
