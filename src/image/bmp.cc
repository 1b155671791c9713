// BMP: headers BITMAPCOREHEADER, OS22X, BITMAPINFOHEADER to V5; 1, 2, 4, 8, 16, 24 and 32 bits, bit fields,
// RLE4, RLE8, either row order. Read as Microsoft's "Bitmap Storage" pages define it; Debian has no
// maintained library for it.
#include <algorithm>
#include <array>
#include <bit>

#include "image/bmp_rle.h"
#include "image/codec.h"

namespace elanus::image {
namespace {

constexpr size_t file_header = 14;
enum Compression : uint32_t { rgb = 0, rle8 = 1, rle4 = 2, bit_fields = 3, alpha_bit_fields = 6 };

// The bits of one channel in a 16- or 32-bit pixel.
struct Field {
  uint32_t mask = 0;
  uint8_t level(uint32_t pixel) const {
    if (mask == 0) return 0;
    const int shift = std::countr_zero(mask);
    return static_cast<uint8_t>(uint64_t{(pixel & mask) >> shift} * 255 / (mask >> shift));
  }
};

struct Header {
  uint32_t width = 0, height = 0;
  bool top_down = false;
  unsigned bits = 0;
  uint32_t compression = rgb;
  std::array<Field, 4> fields;  // red, green, blue, alpha
  size_t raster = 0;
  std::vector<std::array<uint8_t, 3>> palette;  // 256 entries when bits <= 8; black beyond the file's
};

class Reader {
 public:
  explicit Reader(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  size_t size() const { return bytes_.size(); }
  std::span<const uint8_t> from(size_t at) const { return bytes_.subspan(std::min(at, bytes_.size())); }
  // Little-endian; 0 beyond the end.
  uint16_t u16(size_t at) const { return static_cast<uint16_t>(u8(at) | u8(at + 1) << 8); }
  uint32_t u32(size_t at) const { return u16(at) | uint32_t{u16(at + 2)} << 16; }
  uint8_t u8(size_t at) const { return at < bytes_.size() ? bytes_[at] : 0; }

 private:
  std::span<const uint8_t> bytes_;
};

Error unsupported(const std::string& what, uint64_t value) {
  return {ErrorKind::unsupported, "has " + what + " " + std::to_string(value) + ", which is not read"};
}

void read_fields(const Reader& in, size_t header_size, Header& header) {
  if (header.compression == bit_fields || header.compression == alpha_bit_fields) {
    // Right after the first 40 bytes, whether that is inside the header or behind it.
    const bool alpha = header_size >= 56 || header.compression == alpha_bit_fields;
    for (size_t c = 0; c < (alpha ? 4 : 3); ++c) header.fields[c].mask = in.u32(file_header + 40 + 4 * c);
    header.compression = rgb;
  } else if (header.bits == 16) {
    header.fields = {Field{0x7c00}, Field{0x3e0}, Field{0x1f}, Field{}};
  } else {
    header.fields = {Field{0xff0000}, Field{0xff00}, Field{0xff}, Field{}};
  }
}

void read_palette(const Reader& in, size_t at, size_t entry, size_t count, Header& header) {
  header.palette.assign(256, {});
  for (size_t i = 0; i < std::min<size_t>(count, 256); ++i, at += entry)
    header.palette[i] = {in.u8(at + 2), in.u8(at + 1), in.u8(at)};
}

Result<Header> read_header(const Reader& in, const DecodeOptions& options) {
  if (in.size() < file_header + 12) return Error{ErrorKind::corrupt, "the file ends inside its header"};
  Header header;
  header.raster = in.u32(10);
  const size_t size = in.u32(file_header);
  const bool core = size == 12;
  if (!core && size != 16 && size != 40 && size != 52 && size != 56 && size != 64 && size != 108 &&
      size != 124)
    return unsupported("a header of size", size);
  if (in.size() < file_header + size) return Error{ErrorKind::corrupt, "the file ends inside its header"};
  int64_t height = 0;
  if (core) {
    header.width = in.u16(18);
    height = in.u16(20);
    header.bits = in.u16(24);
  } else {
    header.width = in.u32(18);
    height = static_cast<int32_t>(in.u32(22));
    header.bits = in.u16(28);
    if (size > 16) header.compression = in.u32(30);
  }
  header.top_down = height < 0;
  header.height = static_cast<uint32_t>(std::abs(height));
  TRY(check_size(header.width, header.height, options));
  const bool known = header.compression <= bit_fields || header.compression == alpha_bit_fields;
  if (!known || (size == 64 && header.compression == bit_fields))
    return unsupported("compression", header.compression);
  constexpr unsigned depths[] = {1, 2, 4, 8, 16, 24, 32};
  if (std::ranges::find(depths, header.bits) == std::end(depths))
    return unsupported("a bit depth of", header.bits);
  if ((header.compression == rle8 && header.bits != 8) || (header.compression == rle4 && header.bits != 4))
    return Error{ErrorKind::corrupt, "its compression and bit depth do not go together"};

  size_t palette_at = file_header + size;
  if (size == 40 && header.compression == bit_fields) palette_at += 12;
  if (size == 40 && header.compression == alpha_bit_fields) palette_at += 16;
  size_t colours = 0;
  if (header.bits <= 8) {
    colours = size_t{1} << header.bits;
    if (size >= 40 && in.u32(46) != 0) colours = std::min<size_t>(in.u32(46), 256);
    read_palette(in, palette_at, core ? 3 : 4, colours, header);
  }
  read_fields(in, size, header);
  // Some writers point at the palette instead of what follows it.
  if (header.raster <= file_header + size) header.raster = palette_at + colours * (core ? 3 : 4);
  return header;
}

// Row y of the file, counted as stored, to its place in the picture.
uint8_t* row_of(Pixels& out, const Header& header, size_t y) {
  const size_t row = header.top_down ? y : header.height - 1 - y;
  return &out.samples[row * header.width * channels(out.layout)];
}

Result<void> read_runs(const Reader& in, const Header& header, Pixels& out) {
  const auto code = in.from(header.raster);
  // Two bytes of code give at most 255 pixels.
  TRY(check_plausible(code.size(), uint64_t{header.width} * header.height / 128));
  const auto indices = TRY(expand_rle(code, header.width, header.height, header.bits));
  const uint8_t* index = indices.data();
  for (size_t y = 0; y < header.height; ++y) {
    uint8_t* to = row_of(out, header, y);
    for (size_t x = 0; x < header.width; ++x) to = std::ranges::copy(header.palette[*index++], to).out;
  }
  return {};
}

void read_row(const uint8_t* row, const Header& header, uint8_t* to) {
  const unsigned bits = header.bits;
  if (bits <= 8) {
    for (size_t x = 0; x < header.width; ++x) {
      const size_t bit = x * bits;
      const size_t index = row[bit / 8] >> (8 - bits - bit % 8) & ((1u << bits) - 1);
      to = std::ranges::copy(header.palette[index], to).out;
    }
  } else if (bits == 24) {
    for (size_t x = 0; x < header.width; ++x, row += 3, to += 3)
      to[0] = row[2], to[1] = row[1], to[2] = row[0];
  } else {
    const size_t count = header.fields[3].mask != 0 ? 4 : 3;
    for (size_t x = 0; x < header.width; ++x, row += bits / 8) {
      uint32_t pixel = 0;
      for (size_t i = 0; i < bits / 8; ++i) pixel |= uint32_t{row[i]} << 8 * i;
      for (size_t c = 0; c < count; ++c) *to++ = header.fields[c].level(pixel);
    }
  }
}

// Many programs leave an alpha channel that they do not use at 0.
void make_opaque_if_invisible(std::vector<uint8_t>& rgba) {
  for (size_t i = 3; i < rgba.size(); i += 4)
    if (rgba[i] != 0) return;
  for (size_t i = 3; i < rgba.size(); i += 4) rgba[i] = 255;
}

Result<Pixels> decode(Bytes bytes, const DecodeOptions& options) {
  const Reader in({octets(bytes), bytes.size()});
  const Header header = TRY(read_header(in, options));
  Pixels out{.width = header.width, .height = header.height};
  const bool runs = header.compression == rle8 || header.compression == rle4;
  if (!runs && header.bits >= 16 && header.fields[3].mask != 0) out.layout = Layout::rgba;
  // Rows are padded to 32 bits.
  const size_t stride = (size_t{header.width} * header.bits + 31) / 32 * 4;
  const size_t last = (size_t{header.width} * header.bits + 7) / 8;
  const auto raster = in.from(header.raster);
  if (!runs) TRY(check_plausible(raster.size(), stride * (header.height - 1) + last));
  out.samples.resize(size_t{header.width} * header.height * channels(out.layout));
  if (runs) {
    TRY(read_runs(in, header, out));
    return out;
  }
  for (size_t y = 0; y < header.height; ++y) read_row(&raster[y * stride], header, row_of(out, header, y));
  if (out.layout == Layout::rgba) make_opaque_if_invisible(out.samples);
  return out;
}

}  // namespace

const Decoder bmp_decoder = {Format::bmp, [](Bytes bytes) { return starts_with(bytes, "BM"); }, decode};

}  // namespace elanus::image
