// Unicode for the tokenizer: what its published form asks of the normalizers NFC and Lowercase and of the
// classes \s, \p{L} and \p{N}.
#pragma once
#include <string>

namespace elanus::clip {

enum class CharKind { space, letter, number, other };

// space: White_Space; letter: general category L*; number: N*.
CharKind kind_of(char32_t c);

bool is_punctuation(char32_t c);  // general category P*, or ASCII that is no letter, digit, space or control
bool is_nonspacing_mark(char32_t c);  // Mn
bool is_invisible(char32_t c);        // Cc, Cf, Co: controls, formats, private use

// Normalization Form D. Time is O(n log n). Thread-safety: pure.
std::u32string decomposed(const std::u32string& text);

// Normalization Form C, then each code point's full lower-case mapping without regard to its neighbours (so a
// final capital sigma becomes a plain one, as in the published tokenizer). Time is O(n log n). Thread-safety:
// pure.
std::u32string normalize(const std::u32string& text);
// The second half alone.
std::u32string lower(const std::u32string& text);

}  // namespace elanus::clip
