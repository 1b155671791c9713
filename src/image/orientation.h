// EXIF orientation: where the camera's top was. Exif 2.3, tag 0x0112.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "image/image.h"

namespace elanus::image {

// The orientation, 1 to 8, in IFD0 of a TIFF structure (EXIF data, with or without the leading "Exif\0\0"); 1
// when there is none or the data is broken. Reads the first IFD only, never outside `exif`.
int exif_orientation(std::span<const uint8_t> exif);

// Turns and mirrors the picture so that it stands upright. orientation outside 2 to 8 changes nothing. The
// full size is swapped along with width and height.
Image upright(Image image, int orientation);

}  // namespace elanus::image
