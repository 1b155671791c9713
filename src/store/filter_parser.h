// Filters as people write them:  label = dog and (width >= 800 or not type in (gif, png))
//
//   filter     = and { "or" and }              and = not { "and" not }
//   not        = "not" not | "(" filter ")" | comparison
//   comparison = ("size" | "width" | "height") sign number
//              | ("captured" | "modified") sign date
//              | ("path" | "label" | "camera" | "type") ("=" | "!=" | "glob" | "startswith") text
//              | ("path" | "label" | "camera" | "type" | "id") "in" list
//              | "id" ("=" | "!=") number
//              | "attributes." name sign (number | text | "true" | "false")
//   sign       = "=" | "!=" | "<" | "<=" | ">" | ">="
//   list       = "(" text { "," text } ")"
//   text       = word | "…" | '…'     inside of quotes a backslash stands before quotes and backslashes
//   date       = 2023 | 2023-06 | 2023-06-15 | 2023-06-15T12:34 | 2023-06-15T12:34:56
//
// A word is anything without white space, quotes, parentheses, commas and signs; case counts, but not in the
// words of the grammar itself. A date is the whole of its year, month, day, minute or second: captured =
// 2023-06 is all of June, captured > 2023 begins with 2024. It is by the camera's clock for `captured` and
// UTC for `modified`. What is not known compares false: see filter.h.
#pragma once
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "store/filter.h"

namespace elanus::store {

// invalid_argument says what was expected, what stands there and where.
Result<Filter> parse_filter(std::string_view text);

// From the first second to the one after the last, since 1970.
struct Period {
  int64_t begin_s = 0, end_s = 0;
};

// A date of the grammar above, of the years 1 to 9999.
Result<Period> parse_period(std::string_view date);

}  // namespace elanus::store
