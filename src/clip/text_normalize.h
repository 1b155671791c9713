// Unicode for the tokenizer: what its published form asks of the normalizers NFC and Lowercase and of the
// classes \s, \p{L} and \p{N}.
#pragma once
#include <string>

namespace elanus::clip {

enum class CharKind { space, letter, number, other };

// space: White_Space; letter: general category L*; number: N*.
CharKind kind_of(char32_t c);

// Normalization Form C, then each code point's full lower-case mapping without regard to its neighbours (so a
// final capital sigma becomes a plain one, as in the published tokenizer). Time is O(n log n). Thread-safety:
// pure.
std::u32string normalize(const std::u32string& text);
// The second half alone.
std::u32string lower(const std::u32string& text);

}  // namespace elanus::clip
