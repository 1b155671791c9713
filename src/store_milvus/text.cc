#include "store_milvus/text.h"

#include <xxhash.h>

#include "base/utf8.h"

namespace elanus::store_milvus {
namespace {

constexpr std::string_view kEscape =
    "\xf4\x8f";  // the first two bytes of U+10FF00..U+10FFFF are F4 8F BC..BF

unsigned char byte_at(std::string_view text, size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

bool is_escape(std::string_view text, size_t at) {
  return text.substr(at, 2) == kEscape && base::utf8_length(text, at) == 4 && byte_at(text, at + 2) >= 0xbc;
}

}  // namespace

std::string to_utf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (size_t at = 0; at < bytes.size();) {
    const size_t length = is_escape(bytes, at) ? 0 : base::utf8_length(bytes, at);
    if (length > 0) {
      text.append(bytes, at, length);
      at += length;
    } else {
      const unsigned byte = byte_at(bytes, at++);
      text += kEscape;
      text += static_cast<char>(0xbc + (byte >> 6));
      text += static_cast<char>(0x80 + (byte & 0x3f));
    }
  }
  return text;
}

std::string from_utf8(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    if (is_escape(text, at)) {
      bytes += static_cast<char>((byte_at(text, at + 2) - 0xbc) << 6 | (byte_at(text, at + 3) & 0x3f));
      at += 4;
    } else {
      bytes += text[at++];
    }
  }
  return bytes;
}

std::string after_all_that_begin_with(std::string prefix) {
  while (!prefix.empty()) {
    size_t begin = prefix.size() - 1;
    while (begin > 0 && (byte_at(prefix, begin) & 0xc0) == 0x80) --begin;
    std::string last = prefix.substr(begin);
    prefix.resize(begin);
    // One more, carrying within the character; then on to the next length, or over the surrogates.
    size_t at = last.size() - 1;
    while (at > 0 && byte_at(last, at) == 0xbf) last[at--] = '\x80';
    const unsigned lead = byte_at(last, at) + 1u;
    last[at] = static_cast<char>(lead);
    if (at == 0 && lead == 0x80) last = "\xc2\x80";
    if (at == 0 && lead == 0xe0) last = "\xe0\xa0\x80";
    if (at == 0 && lead == 0xf0) last = "\xf0\x90\x80\x80";
    if (last == "\xed\xa0\x80") last = "\xee\x80\x80";
    if (last != "\xf4\x90\x80\x80") return prefix + last;  // else there is no character behind it
  }
  return prefix;
}

std::string literal(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      literal += '\\';
      literal += c;
    } else if (c == '\n' || c == '\r' || c == '\t') {
      literal += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
    } else {
      literal += c;
    }
  }
  return literal + '"';
}

std::string list_of(std::span<const int64_t> values) {
  std::string text = "[";
  for (const int64_t value : values) text += (text.size() > 1 ? "," : "") + std::to_string(value);
  return text + "]";
}

std::string above(std::string_view field, int64_t number) {
  return std::string(field) +
         (number == INT64_MIN ? " >= " + std::to_string(INT64_MIN + 1) : " > " + std::to_string(number));
}

int64_t key_of(std::string_view bytes) {
  return static_cast<int64_t>(XXH3_64bits(bytes.data(), bytes.size()) >> 1);
}

}  // namespace elanus::store_milvus
