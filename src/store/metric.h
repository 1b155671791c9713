// The names of the metrics, as options, files and messages spell them.
#pragma once
#include <string_view>

#include "base/result.h"
#include "store/collection.h"

namespace elanus::store {

// "cosine", "ip" or "l2".
const char* to_string(Metric metric);

// The reverse, upper or lower case; invalid_argument lists the names.
Result<Metric> parse_metric(std::string_view name);

}  // namespace elanus::store
