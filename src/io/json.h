// JSON from outside, without exceptions: bounded in size and depth, with errors that name the source and the
// key.
#pragma once
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace elanus::io {

struct JsonLimits {
  size_t max_bytes = size_t{32} << 20;
  size_t max_depth = 64;  // arrays and objects inside each other
  bool unique_keys =
      false;  // a key named twice in the outermost object is corrupt; else its last value counts
};

// corrupt names `what` and where it breaks; too_large when it is longer or deeper than `limits`. Of a key
// given twice the last value counts.
Result<nlohmann::json> parse_json(std::string_view text, const std::string& what,
                                  const JsonLimits& limits = {});

}  // namespace elanus::io
