#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/json.h"
#include "server/multipart.h"
#include "server/picture_json.h"
#include "server/problem.h"
#include "server/routes.h"
#include "server/search_request.h"

namespace elanus::server {
namespace {

// Sorting by date or name takes this many of the most relevant.
constexpr uint32_t kSorted = 500;
constexpr uint32_t kMaxHits = 16384;
constexpr size_t kMaxQueries = 100;

struct Query {
  std::vector<float> vector;
  bool truncated = false;
  std::string picture;  // the name of a picture that came with the request
};

// Words and pictures count alike.
Result<Query> query_of(Context& context, const SearchRequest& request, std::string_view picture) {
  Query query;
  std::vector<std::vector<float>> parts;
  if (!request.words.empty()) {
    const auto words = TRY(context.engine.words(request.words));
    query.truncated = words->truncated;
    parts.push_back(words->values);
  }
  if (request.like) parts.push_back(TRY(context.library.reading().vector(*request.like)));
  if (!picture.empty()) {
    const auto sent = TRY(context.engine.picture(picture));
    query.picture = sent.name;
    parts.push_back(sent.vector->values);
  } else if (!request.picture.empty()) {
    parts.push_back(TRY(context.engine.picture_by_name(request.picture))->values);
    query.picture = request.picture;
  }
  if (parts.empty())
    return Error(ErrorKind::invalid_argument,
                 "nothing to search for; give words (q), the id of a picture (like), or a picture");
  query.vector = TRY(together(parts, std::vector<float>(parts.size(), 1)));
  return query;
}

bool after(const store::Hit& hit, const Cursor& cursor) {
  return hit.cosine != cursor.cosine ? hit.cosine < cursor.cosine : hit.id > cursor.id;
}

int64_t time_of(const store::Picture& picture) {
  return picture.captured_s ? picture.captured_s : picture.mtime_ns / 1'000'000'000;
}

struct Page {
  std::vector<store::Hit> hits;
  std::optional<Cursor> next;
};

Result<Page> by_relevance(const store::Collection& collection, const Query& query,
                          const SearchRequest& request) {
  const uint32_t given = request.cursor ? request.cursor->given : 0;
  store::SearchParams params;
  params.limit = std::min(given + request.k + 1, kMaxHits);
  params.filter = request.filter;
  Page page{TRY(collection.search(query.vector, params)), std::nullopt};
  auto& hits = page.hits;
  std::erase_if(hits, [&](const store::Hit& hit) {
    return hit.cosine < request.min_cosine || (request.cursor && !after(hit, *request.cursor));
  });
  if (hits.size() <= request.k) return page;
  hits.resize(request.k);
  page.next = Cursor{given + request.k, hits.back().cosine, hits.back().id};
  return page;
}

// Pages of a list that is made anew each time: short enough for that.
Result<Page> sorted(const store::Collection& collection, const Query& query, const SearchRequest& request) {
  store::SearchParams params;
  params.limit = kSorted;
  params.filter = request.filter;
  Page page{TRY(collection.search(query.vector, params)), std::nullopt};
  auto& hits = page.hits;
  std::erase_if(hits, [&](const store::Hit& hit) { return hit.cosine < request.min_cosine; });
  std::stable_sort(hits.begin(), hits.end(), [&](const store::Hit& a, const store::Hit& b) {
    if (request.sort == Sort::name) return a.picture.path < b.picture.path;
    return time_of(a.picture) > time_of(b.picture);
  });
  const size_t begin = std::min<size_t>(request.cursor ? request.cursor->given : 0, hits.size());
  const size_t end = std::min(begin + request.k, hits.size());
  if (end < hits.size())
    page.next = Cursor{static_cast<uint32_t>(end), hits[end - 1].cosine, hits[end - 1].id};
  hits = std::vector<store::Hit>(hits.begin() + static_cast<std::ptrdiff_t>(begin),
                                 hits.begin() + static_cast<std::ptrdiff_t>(end));
  return page;
}

Result<nlohmann::json> answer(Context& context, const SearchRequest& request, std::string_view picture) {
  const Stopwatch total;
  const Query query = TRY(query_of(context, request, picture));
  const double embed_ms = total.ms();
  const Stopwatch searching;
  const auto& collection = context.library.reading();
  const Page page = TRY(request.sort == Sort::relevance ? by_relevance(collection, query, request)
                                                        : sorted(collection, query, request));
  const double search_ms = searching.ms();
  context.metrics.stage("search", search_ms);
  nlohmann::json hits = nlohmann::json::array();
  for (const auto& hit : page.hits) hits.push_back(to_json(hit));
  nlohmann::json json{{"query", request.words}, {"truncated", query.truncated}, {"hits", std::move(hits)}};
  json["next"] = page.next ? nlohmann::json(page.next->text()) : nlohmann::json();
  if (request.like) json["like"] = *request.like;
  if (!query.picture.empty()) json["picture"] = query.picture;
  json["took_ms"] = total.ms();
  json["stages_ms"] = {{"embed", embed_ms}, {"search", search_ms}};
  return json;
}

// {"queries": [{...}, ...]} is answered by {"answers": [...]}, each an answer or a problem.
Result<nlohmann::json> answer_all(Context& context, const nlohmann::json& queries) {
  if (!queries.is_array() || queries.empty() || queries.size() > kMaxQueries)
    return Error(ErrorKind::invalid_argument, "queries: expected a list of 1 to 100 searches");
  nlohmann::json answers = nlohmann::json::array();
  const auto one = [&](const nlohmann::json& query) -> Result<nlohmann::json> {
    return answer(context, TRY(parse_search(TRY(parameters_of(query)))), {});
  };
  for (const auto& query : queries) {
    auto answered = one(query);
    answers.push_back(answered.ok() ? std::move(*answered) : problem_json(answered.error()));
  }
  return nlohmann::json{{"answers", std::move(answers)}};
}

Result<Response> post(Context& context, const Request& request) {
  const std::string type = request.header("Content-Type").value_or("");
  if (type.starts_with("multipart/form-data")) {
    Pairs parameters;
    std::string_view picture;
    for (const auto& part : TRY(parse_multipart(request.body, type))) {
      if (!part.is_file)
        parameters.emplace_back(part.name, part.content);
      else if (part.name != "picture")
        return Error(ErrorKind::invalid_argument,
                     "a file is expected in the field 'picture', got '" + part.name.substr(0, 100) + "'");
      else
        picture = part.content;
    }
    return json_response(TRY(answer(context, TRY(parse_search(parameters)), picture)));
  }
  if (!type.starts_with("application/json"))
    return Error(ErrorKind::unsupported,
                 "expected application/json or multipart/form-data, got '" + type.substr(0, 100) + "'");
  const auto body = TRY(io::parse_json(request.body, "the body", {.max_bytes = 1 << 20, .max_depth = 8}));
  if (body.is_object() && body.contains("queries")) {
    if (body.size() > 1) return Error(ErrorKind::invalid_argument, "beside 'queries' there can be nothing");
    return json_response(TRY(answer_all(context, body["queries"])));
  }
  return json_response(TRY(answer(context, TRY(parse_search(TRY(parameters_of(body)))), {})));
}

}  // namespace

void add_search_routes(Router& router, Context& context) {
  router.add({"GET", "/v1/search", [&](const Request& request, int64_t) -> Result<Response> {
                return json_response(TRY(answer(context, TRY(parse_search(request.query)), {})));
              }});
  router.add({"POST", "/v1/search", [&](const Request& request, int64_t) { return post(context, request); }});
}

}  // namespace elanus::server
