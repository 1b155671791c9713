// Run-length coded BMP rasters (BI_RLE8, BI_RLE4). Inside the room only.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace elanus::image {

// Palette indices, width * height, in the order of the file's rows (the bottom one first). Pixels that the
// code skips are 0. bits: 8 or 4. corrupt when the code ends before its last row, unless it says that it
// does; what a run puts beyond the raster is dropped.
Result<std::vector<uint8_t>> expand_rle(std::span<const uint8_t> code, size_t width, size_t height,
                                        unsigned bits);

}  // namespace elanus::image
