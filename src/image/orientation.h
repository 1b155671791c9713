// Pictures turned so that they stand upright.
#pragma once
#include "image/image.h"

namespace elanus::image {

// Turns and mirrors the picture so that it stands upright. orientation outside 2 to 8 changes nothing. The
// full size is swapped along with width and height.
Image upright(Image image, int orientation);

}  // namespace elanus::image
