#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "image/codec.h"

namespace elanus::image {
namespace {

constexpr std::array<const Decoder*, 7> decoders = {&jpeg_decoder, &png_decoder,  &webp_decoder, &gif_decoder,
                                                    &bmp_decoder,  &tiff_decoder, &pnm_decoder};

const Decoder* find_decoder(Bytes bytes) {
  const auto found =
      std::find_if(decoders.begin(), decoders.end(), [&](const Decoder* d) { return d->sniff(bytes); });
  return found == decoders.end() ? nullptr : *found;
}

struct Stranger {
  size_t at;
  std::string_view magic;
  const char* name;
};

// Formats that people have and that are not read; the first match names the file.
constexpr std::array strangers = {
    Stranger{4, "ftypavif", "an AVIF picture"},
    Stranger{4, "ftypavis", "an AVIF picture"},
    Stranger{4, "ftypheic", "a HEIC picture"},
    Stranger{4, "ftypheix", "a HEIC picture"},
    Stranger{4, "ftypmif1", "a HEIF picture"},
    Stranger{4, "ftypcrx ", "a Canon raw picture"},
    Stranger{4, "ftyp", "a video"},
    Stranger{0, std::string_view("\0\0\0\x0cjP  ", 8), "a JPEG 2000 picture"},
    Stranger{0, "\xff\x4f\xff\x51", "a JPEG 2000 picture"},
    Stranger{0, "\xff\x0a", "a JPEG XL picture"},
    Stranger{0, std::string_view("\0\0\0\x0cJXL ", 8), "a JPEG XL picture"},
    Stranger{0, "%PDF", "a PDF document"},
    Stranger{0, "%!PS", "a PostScript document"},
    Stranger{0, "8BPS", "a Photoshop document"},
    Stranger{0, "DDS ", "a DirectDraw texture"},
    Stranger{0, "BLP", "a Blizzard texture"},
    Stranger{0, "qoif", "a QOI picture"},
    Stranger{0, "P7\n", "a PAM picture"},
    Stranger{0, "\x1a\x45\xdf\xa3", "a video"},
    Stranger{0, "<svg", "an SVG drawing"},
    Stranger{0, std::string_view("\0\0\1\0", 4), "an icon"},
};

Error not_read(Bytes bytes) {
  if (bytes.empty()) return {ErrorKind::unsupported, "the file is empty"};
  for (const auto& stranger : strangers)
    if (starts_with(bytes, stranger.magic, stranger.at))
      return {ErrorKind::unsupported, std::string("this is ") + stranger.name +
                                          ", which is not read; JPEG, PNG, WebP, GIF, BMP, TIFF and PNM are"};
  return {ErrorKind::unsupported, "not a picture that is read: JPEG, PNG, WebP, GIF, BMP, TIFF or PNM"};
}

}  // namespace

bool starts_with(Bytes bytes, std::string_view magic, size_t at) {
  return bytes.size() >= at + magic.size() && std::memcmp(bytes.data() + at, magic.data(), magic.size()) == 0;
}

Result<void> check_size(uint64_t width, uint64_t height, const DecodeOptions& options) {
  const std::string size = "declares " + std::to_string(width) + "x" + std::to_string(height) + " pixels";
  if (width == 0 || height == 0) return Error{ErrorKind::corrupt, size};
  if (width <= options.max_pixels / height) return {};
  constexpr uint64_t mega = 1'000'000;
  const std::string cap = options.max_pixels % mega == 0
                              ? std::to_string(options.max_pixels / mega) + " megapixels"
                              : std::to_string(options.max_pixels) + " pixels";
  return Error{ErrorKind::too_large,
               size + ", more than the cap of " + cap + "; raise it with --max-megapixels"};
}

Result<void> check_plausible(uint64_t have, uint64_t need) {
  if (have >= need) return {};
  return Error{ErrorKind::corrupt, "holds " + std::to_string(have) +
                                       " bytes of picture data, its size needs at least " +
                                       std::to_string(need)};
}

Range middle(uint32_t length, uint32_t shorter, uint32_t side) {
  if (side == 0) return {0, length};
  // A filter reaches up to three outputs beyond the square, rounding moves the square by one; 16 for a
  // decoder that fills in colour from its neighbours.
  const uint64_t margin = 5 * (uint64_t{shorter} / side + 1) + 16;
  if (length <= shorter + 2 * margin) return {0, length};
  return {static_cast<uint32_t>((length - shorter) / 2 - margin),
          static_cast<uint32_t>(shorter + 2 * margin)};
}

void reserve_samples(std::vector<uint8_t>& samples, size_t count) {
  samples.reserve(count);
  constexpr uintptr_t page = 4096, large = uintptr_t{2} << 20;
  const auto start = reinterpret_cast<uintptr_t>(samples.data());
  const uintptr_t first = (start + page - 1) / page * page, end = (start + count) / page * page;
  // A system that refuses gives small pages.
  if (count >= 2 * large) (void)madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
}

const char* to_string(Format format) {
  switch (format) {
    case Format::jpeg:
      return "JPEG";
    case Format::png:
      return "PNG";
    case Format::webp:
      return "WebP";
    case Format::gif:
      return "GIF";
    case Format::bmp:
      return "BMP";
    case Format::tiff:
      return "TIFF";
    case Format::pnm:
      return "PNM";
  }
  return "";
}

Result<Format> sniff(Bytes bytes) {
  const Decoder* decoder = find_decoder(bytes);
  if (decoder == nullptr) return not_read(bytes);
  return decoder->format;
}

Result<Image> decode(Bytes bytes, const DecodeOptions& options) {
  const Decoder* decoder = find_decoder(bytes);
  if (decoder == nullptr) return not_read(bytes);
  try {
    const auto settled = [&]() -> Result<Image> {
      Pixels pixels = TRY(decoder->decode(bytes, options));
      if (!options.convert_profile) pixels.icc.clear();
      return finish(std::move(pixels));
    };
    return base::within(to_string(decoder->format), settled());
  } catch (const std::bad_alloc&) {
    return Error{ErrorKind::too_large,
                 std::string(to_string(decoder->format)) + ": not enough memory to decode it"};
  }
}

}  // namespace elanus::image
