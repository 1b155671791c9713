// The names of the efforts, as options and messages spell them.
#pragma once
#include <string_view>

#include "base/result.h"
#include "store/collection.h"

namespace elanus::store {

// "fast", "balanced" or "exact".
const char* to_string(Effort effort);

// The reverse; invalid_argument lists the names.
Result<Effort> parse_effort(std::string_view name);

}  // namespace elanus::store
