#include "io/file.h"
#include "server/asset.h"
#include "server/problem.h"
#include "server/routes.h"

namespace elanus::server {
namespace {

constexpr const char* kPageSize = "60";  // hits; app.js asks for the next ones by as many
// What of an address is a search: the names of state.js that are parameters of it.
constexpr const char* kNames[] = {"q",     "like",  "picture", "path", "type",
                                  "label", "after", "before",  "min",  "sort"};

// Always asked for again, and answered with 304 until the program is another.
Response serve(std::string_view bytes, const char* type, const std::string& tag, const Request& request) {
  Response response;
  response.with("Content-Type", type).with("Cache-Control", "no-cache").with("ETag", tag);
  if (request.header("If-None-Match") == tag)
    response.status = 304;
  else
    response.body = bytes;
  return response;
}

std::string tag_of(std::string_view bytes) {
  return '"' + io::content_hash(std::as_bytes(std::span(bytes))).substr(0, 16) + '"';
}

// The answer to the search that the page's address names, as an element that no browser runs: then the page
// need not ask. Empty when the address names none, or it fails, which the page will find out by itself.
std::string first_answer(Context& context, const Request& request) {
  Pairs parameters{{"k", kPageSize}};
  for (const char* name : kNames)
    if (auto value = request.parameter(name); value && !value->empty())
      parameters.emplace_back(name, std::move(*value));
  const auto asks = [&](const char* name) { return !request.parameter(name).value_or("").empty(); };
  if (!(asks("q") || asks("like") || asks("picture")) || !context.guard.lets_in(request)) return {};
  const auto answer = answer_search(context, parameters);
  if (!answer.ok()) return {};
  std::string text = "<script type=\"application/json\" id=\"answer\">";
  for (const char c : *answer)
    if (c == '<')
      text += "\\u003c";
    else
      text += c;
  return text + "</script>";
}

Response page(Context& context, const Request& request, const std::string& tag) {
  constexpr const char* kType = "text/html; charset=utf-8";
  const std::string answer = first_answer(context, request);
  const std::string& html = context.page.html;
  Response response;
  if (answer.empty()) {
    response = serve(html, kType, tag, request);
  } else {
    response.body = html;
    response.body.insert(html.rfind("</body>"), answer);
    response.with("Content-Type", kType).with("Cache-Control", "private, no-cache");
  }
  return std::move(response).with("Content-Security-Policy",
                                  "default-src 'none'; " + context.page.policy +
                                      "; img-src 'self' blob: data:; connect-src 'self'; form-action 'none'; "
                                      "base-uri 'none'; frame-ancestors 'none'");
}

}  // namespace

void add_page_routes(Router& router, Context& context) {
  const auto page_tag = tag_of(context.page.html);
  router.add({"GET", "/",
              [&context, page_tag](const Request& request, int64_t) -> Result<Response> {
                return page(context, request, page_tag);
              },
              true});
  const auto add = [&](const char* path, std::string_view bytes, const char* type) {
    const auto answer = [=, tag = tag_of(bytes)](const Request& request, int64_t) -> Result<Response> {
      return serve(bytes, type, tag, request);
    };
    router.add({"GET", path, answer, true});
  };
  for (const Asset& asset : assets()) {
    if (asset.name == "page/icon.svg") add("/icon.svg", asset.bytes, "image/svg+xml");
    if (asset.name == "openapi.json") add("/openapi.json", asset.bytes, "application/json");
  }
}

}  // namespace elanus::server
