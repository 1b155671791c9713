#include <algorithm>
#include <optional>

#include "store/filter.h"

namespace elanus::store {
namespace {

// One character: well-formed UTF-8 as its code point, any other byte as itself, above all code points.
struct Character {
  uint32_t code = 0;
  size_t bytes = 1;
};

Character character_at(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  constexpr uint32_t kNotACodePoint = 0x110000;
  const size_t length = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (length == 0 || lead > 0xf4 || text.size() - at < length) return {kNotACodePoint + lead, 1};
  uint32_t code = lead & (0x7fu >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {kNotACodePoint + lead, 1};
    code = code << 6 | (byte(i) & 0x3f);
  }
  return {code, length};
}

// The bytes of the [...] at `at`, brackets included; nothing when it is not closed. A ']' that stands first
// is a member.
std::optional<size_t> set_length(std::string_view pattern, size_t at) {
  size_t i = at + 1;
  if (i < pattern.size() && pattern[i] == '!') ++i;
  const size_t close = pattern.find(']', i + 1);
  if (close == std::string_view::npos) return std::nullopt;
  return close + 1 - at;
}

// `set` is what stands between the brackets.
bool in_set(std::string_view set, uint32_t code) {
  const bool negated = set[0] == '!';
  for (size_t i = negated; i < set.size();) {
    const Character low = character_at(set, i);
    i += low.bytes;
    uint32_t high = low.code;
    if (i + 1 < set.size() && set[i] == '-') {
      const Character end = character_at(set, i + 1);
      i += 1 + end.bytes;
      high = end.code;
    }
    if (code >= low.code && code <= high) return !negated;
  }
  return negated;
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view text) {
  size_t p = 0, t = 0;
  // Where to go on when what follows the last star did not fit: the star takes one character more. Earlier
  // stars need no second try, for the last one can take whatever they could.
  std::optional<size_t> star;
  size_t star_text = 0;
  while (t < text.size() || p < pattern.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      star_text = t;
      continue;
    }
    if (p < pattern.size() && t < text.size()) {
      const Character character = character_at(text, t);
      const auto set = pattern[p] == '[' ? set_length(pattern, p) : std::nullopt;
      if (pattern[p] == '?' || (set && in_set(pattern.substr(p + 1, *set - 2), character.code))) {
        p += set.value_or(1);
        t += character.bytes;
        continue;
      }
      if (!set && pattern[p] == text[t]) {
        ++p;
        ++t;
        continue;
      }
    }
    if (!star || star_text >= text.size()) return false;
    p = *star;
    t = star_text += character_at(text, star_text).bytes;
  }
  return true;
}

std::string normal_type(std::string_view suffix) {
  if (suffix.starts_with('.')) suffix.remove_prefix(1);
  std::string type(suffix);
  for (char& c : type)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (type == "jpeg" || type == "jpe" || type == "jfif") return "jpg";
  if (type == "tiff") return "tif";
  return type;
}

std::string picture_type(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  return normal_type(name.substr(dot));
}

}  // namespace elanus::store
