// Ranked hits cut into pages.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "server/search_request.h"
#include "store/collection.h"

namespace elanus::server {

struct Query {
  SearchRequest request;
  std::vector<float> vector;  // length 1
};

struct Page {
  std::vector<store::Hit> hits;
  std::optional<Cursor> next;  // nothing after the last page
};

// The pages that these ask for, in order. Those that differ in nothing but their vectors are one search of
// the collection.
Result<std::vector<Page>> find_pages(const store::Collection& collection, std::span<const Query> queries);

}  // namespace elanus::server
