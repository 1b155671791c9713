// The three calls of the tutorials that this program grew from: a picture's bytes in, words in, a number out.
#include <nlohmann/json.hpp>

#include "server/problem.h"
#include "server/routes.h"

namespace elanus::server {
namespace {

constexpr const char* kHits = "5";

// The same route under its own name, with another request.
Result<Response> ask(const Router& router, const std::string& method, const std::string& path,
                     Request request) {
  return router.find(method, path).route->answer(request, 0);
}

}  // namespace

void add_seed_routes(Router& router, Context& context) {
  router.add({"POST", "/insert",
              [&](const Request& request, int64_t) { return ask(router, "POST", "/v1/images", request); }});
  router.add({"POST", "/search", [&](const Request& request, int64_t) {
                Request search = request;
                search.query.emplace_back("q", request.body);
                search.query.emplace_back("k", kHits);
                return ask(router, "GET", "/v1/search", std::move(search));
              }});
  for (const char* method : {"GET", "POST"})
    router.add({method, "/count", [&](const Request&, int64_t) -> Result<Response> {
                  return json_response({{"count", TRY(context.library.reading().count())}});
                }});
}

}  // namespace elanus::server
