#include <nlohmann/json.hpp>

#include "io/json.h"
#include "io/json_text.h"
#include "io/path_json.h"
#include "server/multipart.h"
#include "server/pages.h"
#include "server/picture_json.h"
#include "server/problem.h"
#include "server/routes.h"

namespace elanus::server {
namespace {

constexpr size_t kMaxQueries = 100;

struct Asked {
  Query query;
  bool truncated = false;
  std::string picture;  // the name of a picture that came with the request
  double embed_ms = 0;
};

// Words and pictures count alike.
Result<Asked> ask(Context& context, SearchRequest request, std::string_view picture) {
  const Stopwatch watch;
  Asked asked;
  std::vector<std::vector<float>> parts;
  if (!request.words.empty()) {
    const auto words = TRY(context.engine.words(request.words));
    asked.truncated = words->truncated;
    parts.push_back(words->values);
  }
  if (request.like) parts.push_back(TRY(context.library.reading().vector(*request.like)));
  if (!picture.empty()) {
    const auto sent = TRY(context.engine.picture(picture));
    asked.picture = sent.name;
    parts.push_back(sent.vector->values);
  } else if (!request.picture.empty()) {
    parts.push_back(TRY(context.engine.picture_by_name(request.picture))->values);
    asked.picture = request.picture;
  }
  if (parts.empty())
    return Error(ErrorKind::invalid_argument,
                 "nothing to search for; give words (q), the id of a picture (like), or a picture");
  asked.query = {std::move(request), TRY(together(parts, std::vector<float>(parts.size(), 1)))};
  asked.embed_ms = watch.ms();
  return asked;
}

std::string answer_text(const Asked& asked, const Page& page, double search_ms) {
  const SearchRequest& request = asked.query.request;
  std::string out = "{\"query\":";
  io::append_json_string(out, request.words);
  out += asked.truncated ? ",\"truncated\":true,\"hits\":[" : ",\"truncated\":false,\"hits\":[";
  for (const auto& hit : page.hits) {
    if (&hit != &page.hits.front()) out += ',';
    append_picture(out, hit.id, hit.picture, hit.cosine);
  }
  out += "],\"next\":" + (page.next ? '"' + page.next->text() + '"' : "null");
  if (request.like) out += ",\"like\":" + std::to_string(*request.like);
  if (!asked.picture.empty()) {
    out += ",\"picture\":";
    io::append_json_string(out, asked.picture);
  }
  const auto number = [&](const char* name, double ms) {
    out += name;
    io::append_json_number(out, ms);
  };
  number(",\"took_ms\":", asked.embed_ms + search_ms);
  number(",\"stages_ms\":{\"embed\":", asked.embed_ms);
  number(",\"search\":", search_ms);
  return out + "}}";
}

// Each asked question's answer, in order.
Result<std::vector<std::string>> find(Context& context, std::span<const Asked> asked) {
  const Stopwatch watch;
  std::vector<Query> queries;
  for (const Asked& one : asked) queries.push_back(one.query);
  const auto pages = TRY(find_pages(context.library.reading(), queries));
  const double search_ms = watch.ms();
  context.metrics.stage("search", search_ms);
  std::vector<std::string> answers;
  for (size_t i = 0; i < asked.size(); ++i) answers.push_back(answer_text(asked[i], pages[i], search_ms));
  return answers;
}

Result<std::string> answer(Context& context, const Pairs& parameters, std::string_view picture) {
  const Asked asked = TRY(ask(context, TRY(parse_search(parameters)), picture));
  return TRY(find(context, {&asked, 1})).front();
}

// {"queries": [{...}, ...]} is answered by {"answers": [...]}, each an answer or a problem. All words go
// through the model together, and all vectors through the collection.
Result<std::string> answer_all(Context& context, const nlohmann::json& queries) {
  if (!queries.is_array() || queries.empty() || queries.size() > kMaxQueries)
    return Error(ErrorKind::invalid_argument, "queries: expected a list of 1 to 100 searches");
  const auto parse = [](const nlohmann::json& query) -> Result<SearchRequest> {
    return parse_search(TRY(parameters_of(query)));
  };
  std::vector<Result<SearchRequest>> requests;
  std::vector<std::string> words;
  for (const auto& query : queries) {
    requests.push_back(parse(query));
    if (requests.back().ok()) words.push_back(requests.back()->words);
  }
  const Stopwatch watch;
  context.engine.prepare(words);
  std::vector<std::string> answers;
  std::vector<Asked> asked;
  std::vector<size_t> places;
  for (auto& request : requests) {
    auto one = request.ok() ? ask(context, std::move(*request), {}) : request.error();
    answers.push_back(one.ok() ? std::string() : io::to_text(problem_json(one.error())));
    if (!one.ok()) continue;
    places.push_back(answers.size() - 1);
    asked.push_back(std::move(*one));
  }
  for (Asked& one : asked) one.embed_ms = watch.ms();
  auto found = TRY(find(context, asked));
  for (size_t i = 0; i < found.size(); ++i) answers[places[i]] = std::move(found[i]);
  std::string out = "{\"answers\":[";
  for (size_t i = 0; i < answers.size(); ++i) out += (i ? "," : "") + answers[i];
  return out + "]}";
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
    return json_text_response(TRY(answer(context, parameters, picture)));
  }
  if (!type.starts_with("application/json"))
    return Error(ErrorKind::unsupported,
                 "expected application/json or multipart/form-data, got '" + type.substr(0, 100) + "'");
  const auto body = TRY(io::parse_json(request.body, "the body", {.max_bytes = 1 << 20, .max_depth = 8}));
  if (body.is_object() && body.contains("queries")) {
    if (body.size() > 1) return Error(ErrorKind::invalid_argument, "beside 'queries' there can be nothing");
    return json_text_response(TRY(answer_all(context, body["queries"])));
  }
  return json_text_response(TRY(answer(context, TRY(parameters_of(body)), {})));
}

}  // namespace

Result<std::string> answer_search(Context& context, const Pairs& parameters) {
  return answer(context, parameters, {});
}

void add_search_routes(Router& router, Context& context) {
  router.add({"GET", "/v1/search", [&](const Request& request, int64_t) -> Result<Response> {
                return json_text_response(TRY(answer_search(context, request.query)));
              }});
  router.add({"POST", "/v1/search", [&](const Request& request, int64_t) { return post(context, request); }});
}

}  // namespace elanus::server
