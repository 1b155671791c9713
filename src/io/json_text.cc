#include "io/json_text.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "io/path_json.h"

namespace elanus::io {

void append_json_string(std::string& out, std::string_view text) {
  const auto plain = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; };
  const auto ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  bool all_plain = true, all_ascii = true;
  for (const char c : text) {
    all_plain &= plain(c);
    all_ascii &= ascii(c);
  }
  if (!all_plain || !(all_ascii || base::is_utf8(text))) {
    out += to_text(nlohmann::json(std::string(text)));
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

void append_json_number(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

}  // namespace elanus::io
