#include <map>

#include "io/file.h"
#include "server/asset.h"
#include "server/problem.h"
#include "server/routes.h"

namespace elanus::server {
namespace {

const char* type_of(std::string_view name) {
  static const std::map<std::string_view, const char*> types{{".html", "text/html; charset=utf-8"},
                                                             {".css", "text/css; charset=utf-8"},
                                                             {".js", "text/javascript; charset=utf-8"},
                                                             {".svg", "image/svg+xml"},
                                                             {".json", "application/json"},
                                                             {".webmanifest", "application/manifest+json"}};
  const auto found = types.find(name.substr(std::min(name.rfind('.'), name.size())));
  return found == types.end() ? "application/octet-stream" : found->second;
}

// Always asked for again, and answered with 304 until the program is another: no name in the page needs a
// version.
Response serve(const Asset& asset, const std::string& tag, const Request& request) {
  Response response;
  response.with("Content-Type", type_of(asset.name)).with("Cache-Control", "no-cache").with("ETag", tag);
  if (request.header("If-None-Match") == tag)
    response.status = 304;
  else
    response.body = asset.bytes;
  return response;
}

}  // namespace

void add_page_routes(Router& router, Context&) {
  for (const Asset& asset : assets()) {
    const std::string tag = '"' + io::content_hash(std::as_bytes(std::span(asset.bytes))).substr(0, 16) + '"';
    std::string path(asset.name);
    if (path.starts_with("page/")) path.erase(0, 5);
    const auto answer = [&asset, tag](const Request& request, int64_t) -> Result<Response> {
      return serve(asset, tag, request);
    };
    router.add({"GET", path == "index.html" ? "/" : "/" + path, answer, true});
  }
}

}  // namespace elanus::server
