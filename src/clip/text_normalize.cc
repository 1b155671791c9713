#include "clip/text_normalize.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace elanus::clip {
namespace {

using CodePoints = std::vector<utf8proc_int32_t>;

constexpr auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);

int combining_class(utf8proc_int32_t c) { return utf8proc_get_property(c)->combining_class; }

// Canonical order: marks between two starters by combining class. utf8proc_decompose would do it in quadratic
// time.
void order_marks(CodePoints& text) {
  for (auto begin = text.begin(); begin != text.end();) {
    if (combining_class(*begin) == 0) {
      ++begin;
      continue;
    }
    const auto end = std::find_if(begin, text.end(), [](auto c) { return combining_class(c) == 0; });
    std::stable_sort(begin, end, [](auto a, auto b) { return combining_class(a) < combining_class(b); });
    begin = end;
  }
}

void decompose(const std::u32string& text, CodePoints& out) {
  for (const char32_t c : text) {
    utf8proc_int32_t parts[8];  // a canonical decomposition has at most 4
    int boundary = UTF8PROC_BOUNDCLASS_START;
    const auto n = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), parts, std::size(parts), options,
                                           &boundary);
    if (n >= 0 && n <= static_cast<utf8proc_ssize_t>(std::size(parts)))
      out.insert(out.end(), parts, parts + n);
  }
  order_marks(out);
}

CodePoints nfc(const std::u32string& text) {
  CodePoints out;
  out.reserve(text.size() + 1);
  // Below U+0300 nothing combines and everything is composed already.
  if (std::all_of(text.begin(), text.end(), [](char32_t c) { return c < 0x300; })) {
    out.assign(text.begin(), text.end());
    return out;
  }
  decompose(text, out);
  // utf8proc 2.8 takes U+11A7, which composes with nothing, for a final consonant and drops it after a Hangul
  // syllable. What comes before it is therefore composed by itself.
  auto to = out.begin();
  for (auto begin = out.begin(); begin != out.end();) {
    const auto end = std::find(begin + 1, out.end(), 0x11A7);
    const auto length = utf8proc_normalize_utf32(&*begin, end - begin, options);
    to = std::copy_n(begin, std::max<utf8proc_ssize_t>(length, 0), to);
    begin = end;
  }
  out.erase(to, out.end());
  return out;
}

auto category_of(char32_t c) { return utf8proc_category(static_cast<utf8proc_int32_t>(c)); }

}  // namespace

CharKind kind_of(char32_t c) {
  if ((c >= 0x9 && c <= 0xD) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
      (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000)
    return CharKind::space;
  const auto category = category_of(c);
  if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) return CharKind::letter;
  if (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO) return CharKind::number;
  return CharKind::other;
}

bool is_punctuation(char32_t c) {
  if (c < 0x80) return c > 0x20 && c < 0x7F && kind_of(c) == CharKind::other;
  const auto category = category_of(c);
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

bool is_nonspacing_mark(char32_t c) { return category_of(c) == UTF8PROC_CATEGORY_MN; }

bool is_invisible(char32_t c) {
  const auto category = category_of(c);
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
         category == UTF8PROC_CATEGORY_CO;
}

std::u32string decomposed(const std::u32string& text) {
  CodePoints out;
  out.reserve(text.size());
  decompose(text, out);
  return {out.begin(), out.end()};
}

std::u32string normalize(const std::u32string& text) {
  const CodePoints composed = nfc(text);
  return lower(std::u32string(composed.begin(), composed.end()));
}

std::u32string lower(const std::u32string& text) {
  std::u32string out;
  out.reserve(text.size());
  for (const char32_t c : text) {
    // The one code point whose lower case is two: I with a dot above.
    if (c == 0x130)
      out += U"i\u0307";
    else
      out += static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
  }
  return out;
}

}  // namespace elanus::clip
