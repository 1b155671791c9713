#include "io/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace elanus::io {
namespace {

// The deepest nesting of brackets outside strings. Right for valid JSON; for anything else the parser
// complains.
size_t depth_of(std::string_view text) {
  size_t depth = 0, deepest = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

// "[json.exception.parse_error.101] parse error at ..." without its label.
std::string reason(std::string message) {
  const size_t label = message.find("] ");
  if (message.starts_with("[json.exception") && label != std::string::npos) message.erase(0, label + 2);
  if (message.size() > 300) message = message.substr(0, 300) + "...";
  return message;
}

}  // namespace

Result<nlohmann::json> parse_json(std::string_view text, const std::string& what, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes)
    return Error(ErrorKind::too_large, what + " has " + std::to_string(text.size()) +
                                           " bytes of JSON, expected at most " +
                                           std::to_string(limits.max_bytes));
  if (const size_t depth = depth_of(text); depth > limits.max_depth)
    return Error(ErrorKind::too_large, what + " nests JSON " + std::to_string(depth) +
                                           " deep, expected at most " + std::to_string(limits.max_depth));
  std::set<std::string> seen;
  std::string twice;
  const auto note_key = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
    if (event == nlohmann::json::parse_event_t::key && depth == 1 && twice.empty()) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!seen.insert(key).second) twice = key;
    }
    return true;
  };
  try {
    nlohmann::json parsed =
        limits.unique_keys ? nlohmann::json::parse(text, note_key) : nlohmann::json::parse(text);
    if (!twice.empty()) return Error(ErrorKind::corrupt, what + " names '" + twice + "' twice");
    return parsed;
  } catch (const std::exception& e) {
    return Error(ErrorKind::corrupt, what + " is not valid JSON: " + reason(e.what()));
  }
}

}  // namespace elanus::io
