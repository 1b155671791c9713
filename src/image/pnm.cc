// PNM: PBM, PGM and PPM, plain and raw (P1 to P6), as netpbm's manual pages define them. The first picture of
// a file.
#include <algorithm>
#include <charconv>

#include "image/codec.h"

namespace elanus::image {
namespace {

bool is_space(uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Walks the text of a header or of a plain raster.
class Scanner {
 public:
  explicit Scanner(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  // The next decimal number up to `most`; comments run from '#' to the end of their line.
  Result<uint32_t> number(uint32_t most) {
    skip_space();
    const auto* begin = reinterpret_cast<const char*>(bytes_.data() + position_);
    const auto* end = reinterpret_cast<const char*>(bytes_.data() + bytes_.size());
    uint32_t value = 0;
    const auto parsed = std::from_chars(begin, end, value);
    if (parsed.ec != std::errc() || value > most)
      return Error{ErrorKind::corrupt, "expected a number up to " + std::to_string(most) + " at byte " +
                                           std::to_string(position_)};
    position_ += static_cast<size_t>(parsed.ptr - begin);
    return value;
  }

  // A plain bitmap's digits may touch.
  Result<uint32_t> bit() {
    skip_space();
    if (position_ < bytes_.size() && (bytes_[position_] == '0' || bytes_[position_] == '1'))
      return uint32_t{bytes_[position_++]} - '0';
    return Error{ErrorKind::corrupt, "expected 0 or 1 at byte " + std::to_string(position_)};
  }

  // What follows the single space after the header.
  Result<std::span<const uint8_t>> raster() const {
    if (position_ >= bytes_.size() || !is_space(bytes_[position_]))
      return Error{ErrorKind::corrupt, "expected white space after the header"};
    return bytes_.subspan(position_ + 1);
  }

 private:
  void skip_space() {
    bool comment = false;
    for (; position_ < bytes_.size(); ++position_) {
      const uint8_t c = bytes_[position_];
      if (c == '#') comment = true;
      if (!comment && !is_space(c)) return;
      if (c == '\n' || c == '\r') comment = false;
    }
  }

  std::span<const uint8_t> bytes_;
  size_t position_ = 2;  // after "P6"
};

struct Header {
  uint32_t width, height, max_value;
  size_t row;  // samples in a row
  bool bitmap;
};

uint8_t to_level(uint32_t value, uint32_t max_value) {
  return static_cast<uint8_t>((std::min(value, max_value) * 255 + max_value / 2) / max_value);
}

Result<void> read_plain(Scanner& scanner, const Header& header, std::vector<uint8_t>& samples) {
  const size_t count = header.row * header.height;
  samples.reserve(count);
  for (size_t i = 0; i < count; ++i)
    samples.push_back(header.bitmap ? static_cast<uint8_t>(TRY(scanner.bit()) ? 0 : 255)
                                    : to_level(TRY(scanner.number(header.max_value)), header.max_value));
  return {};
}

void read_raw(std::span<const uint8_t> raster, const Header& header, std::vector<uint8_t>& samples) {
  const size_t count = header.row * header.height;
  if (header.bitmap) {
    samples.reserve(count);
    const size_t row_bytes = (header.row + 7) / 8;
    for (size_t y = 0; y < header.height; ++y)
      for (size_t x = 0; x < header.row; ++x)
        samples.push_back((raster[y * row_bytes + x / 8] >> (7 - x % 8) & 1) != 0 ? 0 : 255);
  } else if (header.max_value == 255) {
    samples.assign(raster.begin(), raster.begin() + static_cast<ptrdiff_t>(count));
  } else {
    const size_t size = header.max_value > 255 ? 2 : 1;
    samples.resize(count);
    for (size_t i = 0; i < count; ++i) {
      const uint32_t value = size == 1 ? raster[i] : uint32_t{raster[2 * i]} << 8 | raster[2 * i + 1];
      samples[i] = to_level(value, header.max_value);
    }
  }
}

Result<Pixels> decode(Bytes bytes, const DecodeOptions& options) {
  const char kind = static_cast<char>(bytes[1]);
  const bool plain = kind <= '3', bitmap = kind == '1' || kind == '4', colour = kind == '3' || kind == '6';
  Scanner scanner({octets(bytes), bytes.size()});
  Header header{};
  header.width = TRY(scanner.number(UINT32_MAX));
  header.height = TRY(scanner.number(UINT32_MAX));
  header.max_value = bitmap ? 1 : TRY(scanner.number(65535));
  header.bitmap = bitmap;
  TRY(check_size(header.width, header.height, options));
  if (header.max_value == 0) return Error{ErrorKind::corrupt, "declares a largest value of 0"};
  header.row = size_t{header.width} * (colour ? 3 : 1);

  Pixels out{.width = header.width, .height = header.height, .layout = colour ? Layout::rgb : Layout::gray};
  const auto raster = TRY(scanner.raster());
  // A plain sample is a digit, and all but a bitmap's are followed by a space.
  const uint64_t row_bytes = plain    ? header.row * (bitmap ? 1 : 2)
                             : bitmap ? (header.row + 7) / 8
                                      : header.row * (header.max_value > 255 ? 2 : 1);
  TRY(check_plausible(raster.size() + (plain ? 1 : 0), row_bytes * header.height));
  if (plain)
    TRY(read_plain(scanner, header, out.samples));
  else
    read_raw(raster, header, out.samples);
  return out;
}

bool sniff(Bytes bytes) {
  if (bytes.size() < 3) return false;
  const uint8_t* c = octets(bytes);
  return c[0] == 'P' && c[1] >= '1' && c[1] <= '6' && (is_space(c[2]) || c[2] == '#');
}

}  // namespace

const Decoder pnm_decoder = {Format::pnm, sniff, decode};

}  // namespace elanus::image
