// Bytes as Milvus' strings, which are UTF-8, and values as literals of its expressions.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace elanus::store_milvus {

// UTF-8 stays as it is. A byte b that is not part of UTF-8 becomes U+10FF00 + b, a private-use character; a
// character of that block that was there before is taken as four such bytes. So every string has one encoding
// and comes back as it was.
std::string to_utf8(std::string_view bytes);
std::string from_utf8(std::string_view text);

// The first string, by code points, behind all that begin with `prefix` (UTF-8); empty when there is none.
std::string after_all_that_begin_with(std::string prefix);

// A string literal of an expression: quoted, with `\`, quotes, tabs and line ends escaped. `text` is UTF-8.
std::string literal(std::string_view text);

// "[1,2,3]"
std::string list_of(std::span<const int64_t> values);

// "id > 5", also for the lowest number there is, which is no literal.
std::string above(std::string_view field, int64_t number);

// A 63-bit name of the bytes, for fields that are looked up by equality, and for ids that many writers agree
// on.
int64_t key_of(std::string_view bytes);

}  // namespace elanus::store_milvus
