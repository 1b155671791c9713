#include "server/search_request.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "search/picture_filter.h"

namespace elanus::server {
namespace {

constexpr size_t kMaxWords = 4096;
constexpr uint32_t kMaxHits = 500;

Error bad(const std::string& name, const std::string& value, const std::string& wanted) {
  return {ErrorKind::invalid_argument,
          name + ": expected " + wanted + ", got '" + value.substr(0, 100) + "'"};
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Cursor> cursor(std::string_view text) {
  const size_t first = text.find('.'), second = text.find('.', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  const auto given = number<uint32_t>(text.substr(0, first));
  const auto bits = number<uint32_t>(text.substr(first + 1, second - first - 1));
  const auto id = number<int64_t>(text.substr(second + 1));
  if (!given || !bits || !id || *given >= kMaxDepth) return std::nullopt;
  const float cosine = std::bit_cast<float>(*bits);
  if (!std::isfinite(cosine)) return std::nullopt;
  return Cursor{*given, cosine, *id};
}

// Commas separate where one of several is enough.
std::vector<std::string> listed(const std::string& value) {
  std::vector<std::string> list;
  for (size_t at = 0; at <= value.size();) {
    const size_t end = std::min(value.find(',', at), value.size());
    if (end > at) list.push_back(value.substr(at, end - at));
    at = end + 1;
  }
  return list;
}

bool set_filter(search::PictureFilter& filter, const std::string& name, const std::string& value) {
  if (name == "path")
    filter.paths.push_back(value);
  else if (name == "label")
    filter.labels.push_back(value);
  else if (name == "type")
    filter.types = listed(value);
  else if (name == "after")
    filter.after = value;
  else if (name == "before")
    filter.before = value;
  else if (name == "where")
    filter.where = value;
  else
    return false;
  return true;
}

// Name and value, such that no two pairs read alike.
std::string spelt(const std::string& name, const std::string& value) {
  return name + "=" + std::to_string(value.size()) + ":" + value + ";";
}

Result<void> set(SearchRequest& request, search::PictureFilter& filter, const std::string& name,
                 const std::string& value) {
  if (name == "q") {
    if (value.size() > kMaxWords) return bad(name, value, "at most 4096 bytes");
    request.words = value;
  } else if (name == "like") {
    request.like = number<int64_t>(value);
    if (!request.like) return bad(name, value, "the id of a picture");
    request.filter_text += spelt(name, value);
  } else if (name == "picture") {
    request.picture = value;
  } else if (name == "k") {
    const auto k = number<uint32_t>(value);
    if (!k || *k < 1 || *k > kMaxHits) return bad(name, value, "a number from 1 to 500");
    request.k = *k;
  } else if (name == "min") {
    const auto min = number<float>(value);
    if (!min || !(*min >= -1 && *min <= 1)) return bad(name, value, "a cosine from -1 to 1");
    request.min_cosine = *min;
  } else if (name == "sort") {
    if (value == "relevance")
      request.sort = Sort::relevance;
    else if (value == "date")
      request.sort = Sort::date;
    else if (value == "name")
      request.sort = Sort::name;
    else
      return bad(name, value, "relevance, date or name");
  } else if (name == "cursor") {
    request.cursor = cursor(value);
    if (!request.cursor) return bad(name, value, "the `next` of a page before");
  } else if (set_filter(filter, name, value)) {
    request.filter_text += spelt(name, value);
  } else {
    return Error(ErrorKind::invalid_argument, "unknown parameter '" + name.substr(0, 100) +
                                                  "'; there are q, like, picture, k, cursor, min, sort, "
                                                  "path, type, label, after, before and where");
  }
  return {};
}

}  // namespace

std::string Cursor::text() const {
  return std::to_string(given) + "." + std::to_string(std::bit_cast<uint32_t>(cosine)) + "." +
         std::to_string(id);
}

Result<SearchRequest> parse_search(const Pairs& parameters) {
  SearchRequest request;
  search::PictureFilter filter;
  for (const auto& [name, value] : parameters)
    if (!value.empty()) TRY(set(request, filter, name, value));
  request.filter = TRY(search::to_filter(filter));
  if (request.like) {
    store::Filter others{store::NoneOf{{{store::IdIn{{*request.like}}}}}};
    request.filter = {store::AllOf{{std::move(request.filter), std::move(others)}}};
  }
  return request;
}

Result<Pairs> parameters_of(const nlohmann::json& object) {
  if (!object.is_object())
    return Error(ErrorKind::invalid_argument, "expected a JSON object with the search in it");
  Pairs pairs;
  for (const auto& [name, value] : object.items()) {
    if (value.is_string()) {
      pairs.emplace_back(name, value.get<std::string>());
    } else if (value.is_number()) {
      pairs.emplace_back(name, value.dump());
    } else if (value.is_array()) {
      std::string joined;
      for (const auto& one : value) {
        if (!one.is_string()) return bad(name, value.type_name(), "texts");
        joined += (joined.empty() ? "" : ",") + one.get<std::string>();
      }
      pairs.emplace_back(name, joined);
    } else if (!value.is_null()) {
      return bad(name, value.type_name(), "a text or a number");
    }
  }
  return pairs;
}

}  // namespace elanus::server
