// RFC 4648, section 4: base64 with padding.
#pragma once
#include <string>
#include <string_view>

namespace elanus::base {

std::string base64(std::string_view bytes);

}  // namespace elanus::base
