// Paths in JSON: a path is bytes, JSON is UTF-8.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace elanus::io {

// Puts a path into an object: "path", and "path_base64" with the exact bytes when they are not UTF-8.
void add_path(nlohmann::json& object, const std::string& path);

// One line, or indented by two spaces; bytes that are not UTF-8 become U+FFFD, so this never fails.
std::string to_text(const nlohmann::json& document, bool indented = false);

}  // namespace elanus::io
