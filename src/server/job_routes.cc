#include <filesystem>
#include <nlohmann/json.hpp>

#include "io/json.h"
#include "server/problem.h"
#include "server/routes.h"

namespace elanus::server {
namespace {

namespace fs = std::filesystem;

bool is_at_or_below(const fs::path& path, const fs::path& root) {
  const auto difference = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return difference.first == root.end() ||
         (std::next(difference.first) == root.end() && difference.first->empty());
}

// The folder that a client may index: links resolved first, so that none leads out.
Result<fs::path> folder_of(const Context& context, const std::string& text) {
  if (!text.starts_with('/') || text.find('\0') != std::string::npos)
    return Error(
        ErrorKind::invalid_argument,
        "folder: expected an absolute path on the server's machine, got '" + text.substr(0, 100) + "'");
  std::error_code error;
  const fs::path folder = fs::canonical(text, error);
  for (const auto& root : context.options.index_roots) {
    std::error_code ignored;
    if (!error && is_at_or_below(folder, fs::canonical(root, ignored)))
      return fs::path(text).lexically_normal();
    // Whether something exists elsewhere is nobody's business.
    if (error && is_at_or_below(fs::path(text).lexically_normal(), root))
      return base::errno_error("cannot open " + text, error.value());
  }
  return Error(ErrorKind::permission,
               "this server does not index " + text + "; its folders are named with --index-root");
}

Result<Response> start(Context& context, const Request& request) {
  TRY(may_change(context));
  const auto body = TRY(io::parse_json(request.body, "the body", {.max_bytes = 65536, .max_depth = 4}));
  if (!body.is_object() || !body.contains("folder") || !body["folder"].is_string() || body.size() != 1)
    return Error(ErrorKind::invalid_argument, "expected {\"folder\": \"/an/absolute/path\"}");
  const int64_t id = TRY(context.jobs.start(TRY(folder_of(context, body["folder"].get<std::string>()))));
  return json_response(TRY(context.jobs.get(id)), 202).with("Location", "/v1/jobs/" + std::to_string(id));
}

}  // namespace

void add_job_routes(Router& router, Context& context) {
  router.add({"POST", "/v1/index", [&](const Request& request, int64_t) { return start(context, request); }});
  router.add({"GET", "/v1/jobs", [&](const Request&, int64_t) -> Result<Response> {
                return json_response({{"jobs", context.jobs.list()}});
              }});
  router.add({"GET", "/v1/jobs/{id}", [&](const Request&, int64_t id) -> Result<Response> {
                return json_response(TRY(context.jobs.get(id)));
              }});
  router.add({"DELETE", "/v1/jobs/{id}", [&](const Request&, int64_t id) -> Result<Response> {
                TRY(may_change(context));
                TRY(context.jobs.stop(id));
                return json_response(TRY(context.jobs.get(id)), 202);
              }});
  router.add({"GET", "/v1/jobs/{id}/events", [&](const Request&, int64_t id) -> Result<Response> {
                Response response;
                response.events = TRY(context.jobs.events(id));
                return std::move(
                    response.with("Content-Type", "text/event-stream").with("Cache-Control", "no-store"));
              }});
}

}  // namespace elanus::server
