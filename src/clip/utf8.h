// UTF-8 to code points and back.
#pragma once
#include <string>
#include <string_view>

namespace elanus::clip {

// Each maximal part of a broken sequence becomes one U+FFFD, as in the Unicode standard (section 3.9), Python
// and Rust.
std::u32string decode_utf8(std::string_view text);

// `c` is a Unicode scalar value.
void append_utf8(char32_t c, std::string& out);

}  // namespace elanus::clip
