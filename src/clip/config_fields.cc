#include "clip/config_fields.h"

namespace elanus::clip {
namespace {

// "1" and not "1.000000"
std::string plain(double value) { return nlohmann::json(value).dump(); }

}  // namespace

const nlohmann::json* Fields::find(const char* key) const {
  const auto found = object_.find(key);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

Result<uint32_t> Fields::whole(const char* key, uint32_t fallback, uint32_t low, uint32_t high) const {
  const nlohmann::json* value = find(key);
  if (!value) return fallback;
  if (!value->is_number_unsigned() || value->get<uint64_t>() < low || value->get<uint64_t>() > high)
    return unexpected(key, "a whole number from " + std::to_string(low) + " to " + std::to_string(high),
                      *value);
  return value->get<uint32_t>();
}

Result<double> Fields::number(const char* key, double fallback, double low, double high) const {
  const nlohmann::json* value = find(key);
  if (!value) return fallback;
  if (!value->is_number() || !(value->get<double>() >= low) || !(value->get<double>() <= high))
    return unexpected(key, "a number from " + plain(low) + " to " + plain(high), *value);
  return value->get<double>();
}

Result<bool> Fields::flag(const char* key, bool fallback) const {
  const nlohmann::json* value = find(key);
  if (!value) return fallback;
  if (!value->is_boolean()) return unexpected(key, "true or false", *value);
  return value->get<bool>();
}

Result<std::string> Fields::text(const char* key, const std::string& fallback) const {
  const nlohmann::json* value = find(key);
  if (!value) return fallback;
  if (!value->is_string()) return unexpected(key, "a string", *value);
  return value->get<std::string>();
}

Error Fields::unexpected(const std::string& key, const std::string& expected,
                         const nlohmann::json& found) const {
  return {ErrorKind::corrupt, what_ + ": " + key + ": expected " + expected + ", found " + shown(found)};
}

std::string shown(const nlohmann::json& value) {
  if (value.is_structured()) return value.is_array() ? "an array" : "an object";
  std::string text = value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  if (text.size() > 80) text = text.substr(0, 80) + "...";
  return text;
}

}  // namespace elanus::clip
