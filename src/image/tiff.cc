// TIFF and BigTIFF by libtiff's RGBA interface: strips and tiles, 1 to 16 bits, every compression that
// libtiff was built with, CMYK, YCbCr, CIE L*a*b*. The first page.
#include <tiffio.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>

#include "image/codec.h"

namespace elanus::image {
namespace {

// The file in memory, and the first thing that libtiff had to say about it.
struct Source {
  Bytes bytes;
  uint64_t position = 0;
  std::string message = {};
};

tmsize_t read_bytes(thandle_t handle, void* to, tmsize_t count) {
  auto& source = *static_cast<Source*>(handle);
  if (count < 0 || source.position >= source.bytes.size()) return 0;
  const size_t size = std::min(static_cast<size_t>(count), source.bytes.size() - source.position);
  std::memcpy(to, source.bytes.data() + source.position, size);
  source.position += size;
  return static_cast<tmsize_t>(size);
}

tmsize_t write_nothing(thandle_t, void*, tmsize_t) { return 0; }

toff_t seek(thandle_t handle, toff_t offset, int whence) {
  auto& source = *static_cast<Source*>(handle);
  const uint64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? source.position : source.bytes.size();
  return source.position = base + offset;
}

int close(thandle_t) { return 0; }
toff_t size_of(thandle_t handle) { return static_cast<Source*>(handle)->bytes.size(); }

int map(thandle_t handle, void** base, toff_t* size) {
  const Bytes bytes = static_cast<Source*>(handle)->bytes;
  *base = const_cast<std::byte*>(bytes.data());  // libtiff only reads a file opened with "r"
  *size = bytes.size();
  return 1;
}
void unmap(thandle_t, void*, toff_t) {}

int on_error(TIFF*, void* user, const char*, const char* format, va_list arguments) {
  auto& message = static_cast<Source*>(user)->message;
  if (!message.empty()) return 1;
  char text[200];
  std::vsnprintf(text, sizeof text, format, arguments);
  message = text;
  return 1;
}
int on_warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }

struct CloseTiff {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using Tiff = std::unique_ptr<TIFF, CloseTiff>;

Tiff open(Source& source) {
  struct FreeOptions {
    void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
  };
  const std::unique_ptr<TIFFOpenOptions, FreeOptions> options(TIFFOpenOptionsAlloc());
  if (!options) return nullptr;
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), static_cast<tmsize_t>(max_intermediate_bytes));
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, &source);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), on_warning, nullptr);
  return Tiff(TIFFClientOpenExt("", "r", &source, read_bytes, write_nothing, seek, close, size_of, map, unmap,
                                options.get()));
}

// Rows that are read at once: what one strip or one row of tiles holds, since libtiff decodes those whole.
uint32_t band_rows(TIFF* tiff, uint32_t height) {
  uint32_t rows = 0;
  if (TIFFIsTiled(tiff) != 0)
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &rows);
  else
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
  return std::clamp<uint32_t>(rows, 1, height);
}

// libtiff's RGBA is premultiplied: over white, 255 - alpha is what shines through.
void append_over_white(const std::vector<uint32_t>& raster, size_t count, std::vector<uint8_t>& rgb) {
  rgb.resize(rgb.size() + count * 3);
  uint8_t* to = rgb.data() + rgb.size() - count * 3;
  for (size_t i = 0; i < count; ++i, to += 3) {
    const uint32_t pixel = raster[i], through = 255 - TIFFGetA(pixel);
    const auto level = [&](uint32_t c) { return static_cast<uint8_t>(std::min<uint32_t>(c + through, 255)); };
    to[0] = level(TIFFGetR(pixel)), to[1] = level(TIFFGetG(pixel)), to[2] = level(TIFFGetB(pixel));
  }
}

Result<void> read_pixels(TIFF* tiff, Pixels& out) {
  struct Reader : TIFFRGBAImage {
    bool begun = false;
    ~Reader() {
      if (begun) TIFFRGBAImageEnd(this);
    }
  } reader;
  char why[1024] = "";
  reader.begun = TIFFRGBAImageBegin(&reader, tiff, 1, why) != 0;
  if (!reader.begun) return Error{ErrorKind::unsupported, why};
  reader.req_orientation =
      reader.orientation;  // rows as they are stored; turned later with all other formats
  const uint32_t band = band_rows(tiff, out.height);
  const size_t pixels = size_t{out.width} * band;
  if (pixels * sizeof(uint32_t) > max_intermediate_bytes)
    return Error{ErrorKind::too_large, "has strips of more than 512 MiB"};
  std::vector<uint32_t> raster(pixels);
  reserve_samples(out.samples, size_t{out.width} * out.height * 3);
  for (uint32_t y = 0; y < out.height; y += band) {
    const uint32_t rows = std::min(band, out.height - y);
    reader.row_offset = static_cast<int>(y);
    if (TIFFRGBAImageGet(&reader, raster.data(), out.width, rows) == 0)
      return Error{ErrorKind::corrupt, "its data is broken"};
    append_over_white(raster, size_t{out.width} * rows, out.samples);
  }
  return {};
}

Result<Pixels> decode(Bytes bytes, const DecodeOptions& options) {
  Source source{bytes};
  const Tiff tiff = open(source);
  // libtiff's own words are better where there are some.
  const auto in_its_words = [&](Error error) -> Error {
    return source.message.empty() ? error : Error(error.kind(), source.message);
  };
  if (!tiff) return in_its_words({ErrorKind::corrupt, "its directory is broken"});
  uint32_t width = 0, height = 0;
  TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height);
  TRY(check_size(width, height, options));
  Pixels out{.width = width, .height = height};
  uint16_t orientation = 1;
  TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_ORIENTATION, &orientation);
  out.exif = read_exif({octets(bytes), bytes.size()});
  out.exif.orientation = orientation;
  auto read = read_pixels(tiff.get(), out);
  if (!read.ok()) return in_its_words(std::move(read).error());
  uint32_t size = 0;
  const uint8_t* profile = nullptr;
  if (TIFFGetField(tiff.get(), TIFFTAG_ICCPROFILE, &size, &profile) != 0 && size <= max_metadata_bytes)
    out.icc.assign(profile, profile + size);
  return out;
}

bool sniff(Bytes bytes) {
  using namespace std::string_view_literals;
  return starts_with(bytes, "II*\0"sv) || starts_with(bytes, "MM\0*"sv) || starts_with(bytes, "II+\0"sv) ||
         starts_with(bytes, "MM\0+"sv);
}

}  // namespace

const Decoder tiff_decoder = {Format::tiff, sniff, decode};

}  // namespace elanus::image
