// JSON written straight into a text: for answers that are made thousands of times a second, where building a
// document first costs more than all that it says (bench/results/server.md).
#pragma once
#include <string>
#include <string_view>

namespace elanus::io {

// A string with its quotes. Bytes that are not UTF-8 become U+FFFD, as in to_text() (path_json.h).
void append_json_string(std::string& out, std::string_view text);

// In as few digits as bring the same double back; null when it is not finite.
void append_json_number(std::string& out, double number);

}  // namespace elanus::io
