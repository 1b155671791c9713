// Pictures out: PNG, for contact sheets and thumbnails.
#pragma once
#include <cstddef>
#include <vector>

#include "base/result.h"
#include "image/image.h"

namespace elanus::image {

// `picture` as an 8-bit RGB PNG. invalid_argument: rgb does not fit width x height, or a side is 0. Thread-safety: pure.
Result<std::vector<std::byte>> encode_png(const Image& picture);

}  // namespace elanus::image
