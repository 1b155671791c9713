// Antialiased separable resampling, bit for bit as Pillow's Image.resize does it on 8-bit RGB, because the
// published CLIP models were trained and are run on pictures resized by Pillow (libImaging/Resample.c:
// weights in 22-bit fixed point, horizontal pass first, rounded to 8 bits, then the vertical one).
#pragma once
#include <cstdint>
#include <span>

#include "base/result.h"
#include "image/image.h"

namespace elanus::image {

// Numbers as in preprocessor_config.json's "resample" (Pillow's Image.Resampling).
enum class Filter { nearest = 0, lanczos = 1, bilinear = 2, bicubic = 3, box = 4, hamming = 5 };

// The window [crop_x, crop_x + crop_width) x [crop_y, crop_y + crop_height) of the picture resized to width x
// height, in pixels of the resized picture. The window may reach outside it: those pixels are black, as in
// the reference.
struct ResizeCrop {
  int64_t width = 0, height = 0;  // >= 1
  int64_t crop_x = 0, crop_y = 0;
  int64_t crop_width = 0, crop_height = 0;  // >= 1
  Filter filter = Filter::bicubic;
};

// Of a source that is a part, width and height are those of the whole picture resized.
//
// Writes crop_width * crop_height * 3 bytes (row-major RGB) to `out`, computing only the rows and columns
// that the window needs. invalid_argument: out has another size, a side is below 1, source.rgb does not fit
// its own size or is a part without what the window needs. too_large: the picture is so elongated that the
// intermediate rows or weights would take more than 256 MiB. Thread-safety: any number of calls at once.
Result<void> resize_crop(const Image& source, const ResizeCrop& plan, std::span<uint8_t> out);

namespace reference {
// The same, one sample at a time: what the kernels of resize_crop are tested against.
Result<void> resize_crop(const Image& source, const ResizeCrop& plan, std::span<uint8_t> out);
}  // namespace reference

}  // namespace elanus::image
