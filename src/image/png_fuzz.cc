#include <zlib.h>

#include <vector>

#include "image/codec_fuzz.h"

namespace {

constexpr size_t signature = 8, around = 12;  // length, name and checksum of a chunk

uint32_t big_endian(const uint8_t* at) {
  return uint32_t{at[0]} << 24 | uint32_t{at[1]} << 16 | uint32_t{at[2]} << 8 | at[3];
}

// Every chunk gets a true checksum, or nearly all mutations would end there.
std::vector<uint8_t> with_true_checksums(const uint8_t* data, size_t size) {
  std::vector<uint8_t> png(data, data + size);
  for (size_t at = signature; size >= around && at <= size - around;) {
    const size_t length = big_endian(&png[at]);
    if (length > size - around - at) break;
    const auto sum = static_cast<uint32_t>(crc32(0, &png[at + 4], static_cast<uInt>(length + 4)));
    at += length + around;
    for (size_t i = 0; i < 4; ++i) png[at - 4 + i] = static_cast<uint8_t>(sum >> (24 - 8 * i));
  }
  return png;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto png = with_true_checksums(data, size);
  elanus::image::fuzz(elanus::image::png_decoder, png.data(), png.size());
  return 0;
}
