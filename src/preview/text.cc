#include "preview/text.h"

#include <utf8proc.h>

#include <cstdio>

#include "base/utf8.h"

namespace elanus::preview {
namespace {

// The character at `at` of printable text.
struct Character {
  size_t bytes;
  unsigned cells;
};

Character character(std::string_view text, size_t at) {
  utf8proc_int32_t code = 0;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at);
  const auto length = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - at), &code);
  if (length <= 0) return {1, 1};
  return {static_cast<size_t>(length), static_cast<unsigned>(utf8proc_charwidth(code))};
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const size_t length = base::utf8_length(text, i);
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F are control characters too.
    const bool c1 = length == 2 && byte == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (length == 0 || byte < 0x20 || byte == 0x7f || c1) {
      char escaped[5];
      std::snprintf(escaped, sizeof escaped, "\\x%02x", byte);
      out += escaped;
      ++i;
    } else {
      out.append(text, i, length);
      i += length;
    }
  }
  return out;
}

unsigned cell_width(std::string_view text) {
  unsigned cells = 0;
  for (size_t i = 0; i < text.size();) {
    const Character next = character(text, i);
    cells += next.cells;
    i += next.bytes;
  }
  return cells;
}

std::string padded(std::string_view text, unsigned cells) {
  unsigned width = cell_width(text);
  std::string out(text);
  if (width > cells) {
    out.clear();
    width = 0;
    for (size_t i = 0; i < text.size();) {
      const Character next = character(text, i);
      if (width + next.cells + 1 > cells) break;
      out.append(text, i, next.bytes);
      width += next.cells;
      i += next.bytes;
    }
    if (cells > 0) {
      out += "…";
      ++width;
    }
  }
  return out.append(cells - width, ' ');
}

}  // namespace elanus::preview
