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

Result<size_t> Fields::choice(const char* key, size_t fallback, std::span<const char* const> names) const {
  const nlohmann::json* value = find(key);
  if (!value) return fallback;
  if (!value->is_string()) return unexpected(key, "a string", *value);
  std::string expected;
  for (size_t i = 0; i < names.size(); ++i) {
    if (value->get_ref<const std::string&>() == names[i]) return i;
    expected += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + std::string(names[i]);
  }
  return Error(ErrorKind::unsupported,
               what_ + ": " + key + ": expected " + expected + ", found " + shown(*value));
}

Result<uint32_t> Fields::side(const char* key, uint32_t fallback) const {
  const nlohmann::json* value = find(key);
  if (!value || !value->is_array()) return whole(key, fallback, 1, 4096);
  if (value->size() != 2 || (*value)[0] != (*value)[1])
    return unexpected(key, "one number or two equal ones", *value);
  const nlohmann::json side = {{key, (*value)[0]}};
  return Fields(side, what_).whole(key, fallback, 1, 4096);
}

Result<std::array<double, 3>> Fields::channels(const char* key, const std::array<double, 3>& fallback,
                                               double low) const {
  const nlohmann::json* value = find(key);
  if (!value) return fallback;
  if (!value->is_array() || value->size() != 3)
    return unexpected(key, "three numbers, for red, green and blue", *value);
  std::array<double, 3> result{};
  for (size_t c = 0; c < result.size(); ++c) {
    const nlohmann::json one = {{key, (*value)[c]}};
    if ((*value)[c].is_null()) return unexpected(key, "three numbers", *value);
    result[c] = TRY(Fields(one, what_).number(key, 0, low, 1e6));
  }
  return result;
}

Result<void> check_patches(const VisionConfig& vision, const std::string& what) {
  if (vision.image_size % vision.patch_size != 0)
    return Error(ErrorKind::unsupported, what + ": image_size: expected a multiple of patch_size " +
                                             std::to_string(vision.patch_size) + ", found " +
                                             std::to_string(vision.image_size));
  // 66,049 class and patch tokens already take gigabytes of attention; published models have at most 1,025.
  if (vision.tokens() > 16385)
    return Error(ErrorKind::unsupported,
                 what + ": expected at most 16384 patches, found " + std::to_string(vision.tokens() - 1));
  return {};
}

Result<void> finish_resnet(VisionConfig& vision, const std::string& what) {
  vision.patch_size = 32;
  vision.layers = 0;
  for (const uint32_t blocks : vision.stages) vision.layers += blocks;
  if (vision.width % 2 != 0 || vision.heads == 0 || vision.heads > 1024 ||
      vision.width * 32 % vision.heads != 0)
    return Error(ErrorKind::unsupported,
                 what + ": expected an even width and heads that divide 32 times it, found " +
                     std::to_string(vision.width) + " and " + std::to_string(vision.heads));
  return check_patches(vision, what);
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
