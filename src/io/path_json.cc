#include "io/path_json.h"

#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/utf8.h"

namespace elanus::io {

void add_path(nlohmann::json& object, const std::string& path) {
  object["path"] = path;
  if (!base::is_utf8(path)) object["path_base64"] = base::base64(path);
}

std::string to_text(const nlohmann::json& document, bool indented) {
  return document.dump(indented ? 2 : -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace elanus::io
