// image: from bytes to upright 8-bit sRGB pixels. Only bytes, never a path, reach a decoder; every size is
// checked before memory is asked for.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace elanus::image {

// What the camera noted, where the file has it.
struct Capture {
  int64_t captured_s = 0;  // since 1970, by the camera's clock and without a time zone; 0 when unknown
  std::string camera;      // "Canon EOS 5D", printable ASCII; empty when unknown
};

// Where the pixels of an Image lie in the whole picture of the same scale, when a decoder left out the rest.
struct Part {
  uint32_t left = 0, top = 0;
  uint32_t of_width = 0, of_height = 0;  // of the whole; 0: nothing was left out
};

// Upright (EXIF orientation applied), sRGB, alpha laid over white, row-major, 3 bytes (R, G, B) per pixel, no
// padding.
struct Image {
  uint32_t width = 0, height = 0;
  std::vector<uint8_t> rgb;  // width * height * 3
  // The picture's own size before any scaled decode, upright.
  uint32_t full_width = 0, full_height = 0;
  Capture capture;
  Part part;
};

enum class Format { jpeg, png, webp, gif, bmp, tiff, pnm };

// "JPEG", "PNG", ...
const char* to_string(Format format);

// The format by its first bytes, whatever the file is called. unsupported names what it looks like, if known.
Result<Format> sniff(std::span<const std::byte> bytes);

struct DecodeOptions {
  // A declared width * height above this is too_large, before any allocation.
  uint64_t max_pixels = 100'000'000;
  // Above 0, a decoder may return the picture scaled by 1/2, 1/4 or 1/8 as long as its short side stays >=
  // this many pixels (JPEG: the inverse DCT is cut short; others decode whole). 0: always whole.
  uint32_t scale_to_short_side = 0;
  // Above 0, a decoder may leave out what no pixel of the centred square depends on, once the short side is
  // resized to this many pixels (JPEG: columns and rows that are only read over; others decode whole). 0:
  // always whole.
  uint32_t middle_for_side = 0;
  // Convert from the embedded ICC profile to sRGB, as a viewer does. The reference preprocessing of the
  // published models ignores profiles: false gives its pixels.
  bool convert_profile = true;
};

// Decodes the first frame. corrupt: broken or cut-off data (a picture whose pixels are all there but whose
// trailer is damaged is accepted); too_large: above the cap; unsupported: a format or variant that is not
// read. Thread-safety: any number of calls at once.
Result<Image> decode(std::span<const std::byte> bytes, const DecodeOptions& options = {});

}  // namespace elanus::image
