// RFC 4648, section 4: base64 with padding.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace elanus::base {

std::string base64(std::string_view bytes);

// Nothing when the text is no base64 with padding.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace elanus::base
