#include "image/bmp_rle.h"

namespace elanus::image {
namespace {

// Where the next pixel goes.
struct Cursor {
  std::vector<uint8_t>& indices;
  size_t width, height;
  size_t x = 0, y = 0;

  void put(uint8_t index) {
    if (x < width && y < height) indices[y * width + x] = index;
    ++x;
  }
  bool on_last_pixel() const { return y >= height || (y + 1 == height && x >= width); }
};

// Pixel i of a packed run.
uint8_t index_of(std::span<const uint8_t> packed, size_t i, unsigned bits) {
  if (bits == 8) return packed[i];
  return static_cast<uint8_t>(i % 2 == 0 ? packed[i / 2] >> 4 : packed[i / 2] & 15);
}

}  // namespace

Result<std::vector<uint8_t>> expand_rle(std::span<const uint8_t> code, size_t width, size_t height,
                                        unsigned bits) {
  std::vector<uint8_t> indices(width * height);
  Cursor cursor{indices, width, height};
  constexpr uint8_t escape = 0, end_of_row = 0, end_of_bitmap = 1, skip = 2;
  size_t at = 0;
  const auto left = [&] { return code.size() - at; };
  while (!cursor.on_last_pixel()) {
    if (left() < 2) return Error{ErrorKind::corrupt, "its run-length code ends too early"};
    const uint8_t count = code[at], what = code[at + 1];
    at += 2;
    if (count != escape) {
      const uint8_t both[] = {what};
      for (size_t i = 0; i < count; ++i) cursor.put(bits == 8 ? what : index_of(both, i % 2, bits));
    } else if (what == end_of_row) {
      cursor.x = 0;
      ++cursor.y;
    } else if (what == end_of_bitmap) {
      return indices;
    } else if (what == skip) {
      if (left() < 2) return Error{ErrorKind::corrupt, "its run-length code ends too early"};
      cursor.x += code[at];
      cursor.y += code[at + 1];
      at += 2;
    } else {
      const size_t bytes = bits == 8 ? what : (what + 1u) / 2;
      if (left() < bytes) return Error{ErrorKind::corrupt, "its run-length code ends too early"};
      for (size_t i = 0; i < what; ++i) cursor.put(index_of(code.subspan(at, bytes), i, bits));
      at += bytes + bytes % 2;  // runs are padded to 16 bits
      if (at > code.size()) at = code.size();
    }
  }
  return indices;
}

}  // namespace elanus::image
