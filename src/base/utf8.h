// Is it UTF-8? Paths and labels are bytes of the file system; JSON and terminals want text.
#pragma once
#include <cstddef>
#include <string_view>

namespace elanus::base {

// The length, 1 to 4, of the UTF-8 sequence at text[at], or 0 when there is none (RFC 3629: no surrogates, nothing
// overlong).
size_t utf8_length(std::string_view text, size_t at);

bool is_utf8(std::string_view text);

}  // namespace elanus::base
