// Pictures out: JPEG, for thumbnails.
#pragma once
#include <cstddef>
#include <vector>

#include "base/result.h"
#include "image/image.h"

namespace elanus::image {

// `picture` as a baseline JPEG with 4:2:0 chroma; quality 1..100 as libjpeg has it. invalid_argument:
// rgb does not fit width x height, a side is 0 or above 65535. Thread-safety: pure.
Result<std::vector<std::byte>> encode_jpeg(const Image& picture, int quality);

}  // namespace elanus::image
