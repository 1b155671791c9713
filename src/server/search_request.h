// What a search over HTTP can say, from a query string, a JSON object or the fields of a form: the same names
// everywhere.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "base/result.h"
#include "server/http.h"
#include "store/collection.h"

namespace elanus::server {

// Pages end after so many hits: each is a search for all before it.
constexpr uint32_t kMaxDepth = 16384;

// Where the next page begins. It names the last hit that was given, so that pictures that come or go in
// between neither repeat nor hide a hit.
struct Cursor {
  uint32_t given = 0;  // hits on the pages before
  float cosine = 0;
  int64_t id = 0;
  std::string text() const;
};

enum class Sort { relevance, date, name };

struct SearchRequest {
  std::string words;            // q
  std::optional<int64_t> like;  // the id of a picture
  std::string picture;          // the name of a picture that was sent before
  uint32_t k = 10;              // 1..500
  float min_cosine = -1;        // min
  Sort sort = Sort::relevance;
  std::optional<Cursor> cursor;
  store::Filter filter;     // folder, type, label, after, before
  std::string filter_text;  // two requests with the same one have the same filter
};

// invalid_argument names the parameter, what it was, and what it can be. Nothing asked for (no q, like or
// picture) is fine here: a form may still bring a picture.
Result<SearchRequest> parse_search(const Pairs& parameters);

// The members of an object as parameters: texts and numbers as they are, a list of texts joined by commas.
Result<Pairs> parameters_of(const nlohmann::json& object);

}  // namespace elanus::server
