#include "clip/html.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "clip/utf8.h"

namespace elanus::clip {
namespace {

struct Entity {
  std::string_view name, text;
};
constexpr Entity entities[] = {
#include "clip/html_entities.inc"
};

const Entity* find_entity(std::string_view name) {
  const Entity* found = std::lower_bound(std::begin(entities), std::end(entities), name,
                                         [](const Entity& e, std::string_view n) { return e.name < n; });
  return found != std::end(entities) && found->name == name ? found : nullptr;
}

// HTML5, "numeric character reference end state": 0x80 to 0x9F mean Windows-1252; those that it leaves open
// stay.
constexpr char32_t windows_1252[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                       0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                       0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                       0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

bool is_dropped(uint32_t number) {
  return number < 0x9 || number == 0xB || (number >= 0xE && number <= 0x1F) || number == 0x7F ||
         (number >= 0xFDD0 && number <= 0xFDEF) || (number & 0xFFFE) == 0xFFFE;
}

void append_number(uint32_t number, std::string& out) {
  if (number >= 0x80 && number <= 0x9F) return append_utf8(windows_1252[number - 0x80], out);
  if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF))
    return append_utf8(0xFFFD, out);
  if (!is_dropped(number)) append_utf8(number, out);
}

int digit_value(char c, uint32_t base) {
  if (c >= '0' && c <= '9') return c - '0';
  if (base == 16 && c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (base == 16 && c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// `text` begins after "&#". Appends the character and returns how many bytes it took; 0 when it is no
// reference.
size_t take_number(std::string_view text, std::string& out) {
  const bool hex = text.starts_with('x') || text.starts_with('X');
  const uint32_t base = hex ? 16 : 10;
  const size_t begin = hex;
  uint32_t number = 0;
  size_t i = begin;
  for (; i < text.size(); ++i) {
    const int digit = digit_value(text[i], base);
    if (digit < 0) break;
    number = std::min<uint32_t>(number * base + static_cast<uint32_t>(digit), 0x110000);
  }
  if (i == begin) return 0;
  append_number(number, out);
  return i + (text.substr(i, 1) == ";");
}

// `text` begins after "&". The longest name that stands there, as take_number.
size_t take_name(std::string_view text, std::string& out) {
  constexpr size_t longest = 32;
  const size_t end =
      std::min(text.substr(0, longest).find_first_of("\t\n\f <&#;"), std::min(longest, text.size()));
  const std::string_view name = text.substr(0, end + (text.substr(end, 1) == ";"));
  for (size_t n = name.size(); n >= 2; --n) {
    if (const Entity* entity = find_entity(name.substr(0, n))) {
      out += entity->text;
      return n;
    }
  }
  return 0;
}

}  // namespace

std::string unescape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (true) {
    const size_t ampersand = std::min(text.find('&'), text.size());
    out += text.substr(0, ampersand);
    text.remove_prefix(ampersand);
    if (text.empty()) return out;
    text.remove_prefix(1);
    const bool numeric = text.starts_with('#');
    const size_t taken = numeric ? take_number(text.substr(1), out) : take_name(text, out);
    if (taken == 0) out += '&';
    text.remove_prefix(taken == 0 ? 0 : taken + numeric);
  }
}

}  // namespace elanus::clip
