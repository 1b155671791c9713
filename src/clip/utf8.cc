#include "clip/utf8.h"

namespace elanus::clip {
namespace {

constexpr char32_t replacement = 0xFFFD;

// What a first byte promises: how many bytes follow, and the range of the next one (Unicode, table 3-7).
struct Lead {
  unsigned following;
  unsigned char low, high;
};

Lead lead_of(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {1, 0x80, 0xBF};
  if (byte == 0xE0) return {2, 0xA0, 0xBF};
  if (byte == 0xED) return {2, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {2, 0x80, 0xBF};
  if (byte == 0xF0) return {3, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {3, 0x80, 0xBF};
  if (byte == 0xF4) return {3, 0x80, 0x8F};
  return {0, 0, 0};
}

}  // namespace

std::u32string decode_utf8(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i++]);
    if (first < 0x80) {
      out += first;
      continue;
    }
    auto [following, low, high] = lead_of(first);
    if (following == 0) {
      out += replacement;
      continue;
    }
    char32_t c = first & (0x3Fu >> following);
    for (; following > 0 && i < text.size(); --following) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if (byte < low || byte > high) break;
      c = c << 6 | (byte & 0x3Fu);
      low = 0x80;
      high = 0xBF;
      ++i;
    }
    out += following == 0 ? c : replacement;
  }
  return out;
}

void append_utf8(char32_t c, std::string& out) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace elanus::clip
