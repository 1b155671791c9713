// What the fuzz targets of all formats do with their bytes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <utility>

#include "image/codec.h"

namespace elanus::image {

// One decoder over bytes that it recognises, with a small cap; a picture that comes out must have the size it
// says.
inline void fuzz(const Decoder& decoder, const uint8_t* data, size_t size) {
  const Bytes bytes = std::as_bytes(std::span(data, size));
  if (!decoder.sniff(bytes)) return;
  for (const auto& [short_side, middle] : {std::pair(0u, 0u), {16u, 0u}, {0u, 8u}, {16u, 8u}}) {
    const DecodeOptions options{
        .max_pixels = 1'000'000, .scale_to_short_side = short_side, .middle_for_side = middle};
    const auto image = decode(bytes, options);
    if (!image.ok()) continue;
    if (image->rgb.size() != size_t{image->width} * image->height * 3) std::abort();
    if (image->part.of_width != 0 && (image->part.left + image->width > image->part.of_width ||
                                      image->part.top + image->height > image->part.of_height))
      std::abort();
    if (uint64_t{image->full_width} * image->full_height > options.max_pixels) std::abort();
    if (decoder.format != Format::jpeg) break;  // the only one that scales
  }
}

}  // namespace elanus::image
