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
  size_t max_bytes = size_t{64} << 20;
  size_t max_depth = 64;  // arrays and objects inside each other
};

// corrupt names `what` and where it breaks; too_large when it is longer or deeper than `limits`. Of a key
// given twice the last value counts.
Result<nlohmann::json> parse_json(std::string_view text, const std::string& what,
                                  const JsonLimits& limits = {});

}  // namespace elanus::io
