// Values of a JSON object by key, with a default for a missing or null key and limits for every number.
// Private to the config readers.
#pragma once
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "base/result.h"
#include "clip/config.h"

namespace elanus::clip {

// Published configs have a few kilobytes.
inline constexpr size_t max_config_bytes = size_t{1} << 20;

class Fields {
 public:
  // `object` is an object and outlives this; `what` names it in errors ("config.json: text_config").
  Fields(const nlohmann::json& object, std::string what) : object_(object), what_(std::move(what)) {}

  // Null when the key is missing or null.
  const nlohmann::json* find(const char* key) const;

  // corrupt when the value is not a whole number within [low, high].
  Result<uint32_t> whole(const char* key, uint32_t fallback, uint32_t low, uint32_t high) const;
  // corrupt when the value is not a number within [low, high].
  Result<double> number(const char* key, double fallback, double low, double high) const;
  Result<bool> flag(const char* key, bool fallback) const;
  Result<std::string> text(const char* key, const std::string& fallback) const;
  // Which of `names`; unsupported lists them.
  Result<size_t> choice(const char* key, size_t fallback, std::span<const char* const> names) const;
  // A side of a square in pixels, 1..4096, also written [side, side].
  Result<uint32_t> side(const char* key, uint32_t fallback) const;
  // Three numbers from `low` to 10^6, for red, green and blue.
  Result<std::array<double, 3>> channels(const char* key, const std::array<double, 3>& fallback,
                                         double low) const;

  // "what: key: expected ..., found ..."
  Error unexpected(const std::string& key, const std::string& expected, const nlohmann::json& found) const;
  const std::string& what() const { return what_; }

 private:
  const nlohmann::json& object_;
  std::string what_;
};

// unsupported unless the picture is a whole number of patches, of which there is a bearable number.
Result<void> check_patches(const VisionConfig& vision, const std::string& what);

// Fills in what follows from width, heads, stages and image_size; unsupported when they do not fit together.
Result<void> finish_resnet(VisionConfig& vision, const std::string& what);

// The value as JSON for an error message, cut to a readable length.
std::string shown(const nlohmann::json& value);

}  // namespace elanus::clip
