// store::Filter as an expression of Milvus: values are literals that are quoted here and nowhere else.
#pragma once
#include <string>

#include "store/filter.h"

namespace elanus::store_milvus {

// A condition that every record satisfies that the filter keeps.
struct Condition {
  enum class Keeps { everything, nothing, some } keeps = Keeps::everything;
  std::string text;      // when it keeps some
  std::string opposite;  // of text, when it is exact: no `not`, which Milvus Lite 2.5 refuses
  // The records that satisfy it are those that the filter keeps; else store::matches decides.
  bool exact = true;
};

// The filter has passed store::check_filter. Not exact, because Milvus has no such thing or servers differ:
// globs other than TEXT*, comparisons of attributes, texts with control characters or a character cut in two,
// and more than 16,384 ids.
Condition condition_of(const store::Filter& filter);

}  // namespace elanus::store_milvus
