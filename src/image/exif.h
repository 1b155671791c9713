// What a camera wrote beside the pixels. Exif 2.3: a TIFF structure whose first directory leads to one more.
#pragma once
#include <cstdint>
#include <span>

#include "image/image.h"

namespace elanus::image {

struct Exif {
  int orientation = 1;  // 1 to 8: where the camera's top was
  Capture capture;
};

// Reads a TIFF structure, with or without the leading "Exif\0\0"; also a whole TIFF file is one. Two
// directories at most, never outside of `exif`; whatever is broken or absent is left as it is in a new Exif.
// O(entries), which are 65,535 in a directory at most.
Exif read_exif(std::span<const uint8_t> exif);

}  // namespace elanus::image
