#include "store/collection.h"

#include <algorithm>

#include "store/validate.h"

namespace elanus::store {

Result<std::vector<std::vector<Hit>>> Collection::search_batch(std::span<const float> queries,
                                                               const SearchParams& params) const {
  TRY(check_batch(queries, params, schema().dim));
  std::vector<std::vector<Hit>> answers;
  for (size_t at = 0; at < queries.size(); at += schema().dim)
    answers.push_back(TRY(search(queries.subspan(at, schema().dim), params)));
  return answers;
}

}  // namespace elanus::store
