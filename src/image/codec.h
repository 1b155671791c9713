// What the decoders share: the type that they hand over, their table, and the checks that come before any
// allocation. Inside the room only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "image/exif.h"
#include "image/image.h"

namespace elanus::image {

using Bytes = std::span<const std::byte>;

// The colour that 8-bit samples stand for. cmyk: 255 is full ink. Alpha is never premultiplied.
enum class Layout { gray, rgb, rgba, cmyk };

constexpr size_t channels(Layout layout) {
  return layout == Layout::gray ? 1 : layout == Layout::rgb ? 3 : 4;
}

// A decoded picture as its file stores it, before profile, alpha and orientation are applied.
struct Pixels {
  uint32_t width = 0, height = 0;
  Layout layout = Layout::rgb;
  std::vector<uint8_t> samples = {};         // width * height * channels(layout), row-major, no padding
  uint32_t full_width = 0, full_height = 0;  // before a scaled decode; 0: the same as width and height
  Part part = {};
  Exif exif = {};
  std::vector<uint8_t> icc = {};  // embedded profile of `layout`, or empty
};

struct Decoder {
  Format format;
  bool (*sniff)(Bytes bytes);
  // Called only with bytes that `sniff` accepts.
  Result<Pixels> (*decode)(Bytes bytes, const DecodeOptions& options);
};

extern const Decoder jpeg_decoder, png_decoder, webp_decoder, gif_decoder, bmp_decoder, tiff_decoder,
    pnm_decoder;

// Memory that a codec may use besides the pixels it returns (coefficients of a progressive JPEG, a TIFF's
// raster).
constexpr size_t max_intermediate_bytes = size_t{512} << 20;
// A larger profile or metadata block is treated as absent.
constexpr size_t max_metadata_bytes = size_t{4} << 20;

// corrupt when a side is 0 or beyond 2^31 - 1 and within the cap, too_large when width * height >
// options.max_pixels.
Result<void> check_size(uint64_t width, uint64_t height, const DecodeOptions& options);

// Of `length` rows or columns of a picture with a short side of `shorter`: those that
// DecodeOptions::middle_for_side = `side` asks for.
struct Range {
  uint32_t first, count;
};
Range middle(uint32_t length, uint32_t shorter, uint32_t side);

// Room for `count` samples, in large pages where the system has some: touched for the first time in small
// ones, the memory of a picture of 12 megapixels takes a third of the time of its decoding.
void reserve_samples(std::vector<uint8_t>& samples, size_t count);

// corrupt when `have` bytes cannot hold `need`, "holds 80 bytes, its size needs at least 1200".
Result<void> check_plausible(uint64_t have, uint64_t need);

// Profile to sRGB, alpha over white, orientation.
Result<Image> finish(Pixels pixels);

inline const uint8_t* octets(Bytes bytes) { return reinterpret_cast<const uint8_t*>(bytes.data()); }
bool starts_with(Bytes bytes, std::string_view magic, size_t at = 0);

}  // namespace elanus::image
