#include <nlohmann/json.hpp>

#include "server/facets.h"
#include "server/problem.h"
#include "server/routes.h"

namespace elanus::server {
namespace {

Result<Response> stats(Context& context, const Stopwatch& up) {
  const auto& collection = context.library.reading();
  const auto& schema = collection.schema();
  const auto load = context.load();
  nlohmann::json roots = nlohmann::json::array();
  if (!context.options.read_only)
    for (const auto& root : context.options.index_roots) roots.push_back(root.native());
  return json_response(
      {{"version", context.options.version},
       {"pictures", TRY(collection.count())},
       {"model", {{"name", schema.model.name}, {"dim", schema.dim}}},
       {"read_only", context.options.read_only},
       {"index_roots", roots},
       {"uptime_seconds", up.ms() / 1000},
       {"thumbnails",
        {{"bytes", context.thumbnails.bytes_kept()}, {"most_bytes", context.options.thumbnail_bytes}}},
       {"load",
        {{"connections", load.connections}, {"queued", load.queued}, {"answering", load.answering}}}});
}

Result<Response> metrics(Context& context) {
  const auto load = context.load();
  context.metrics.set("connections", static_cast<double>(load.connections));
  context.metrics.set("requests_queued", static_cast<double>(load.queued));
  context.metrics.set("requests_answering", static_cast<double>(load.answering));
  context.metrics.set("thumbnail_bytes", static_cast<double>(context.thumbnails.bytes_kept()));
  context.metrics.set("pictures", static_cast<double>(TRY(context.library.reading().count())));
  Response response{.body = context.metrics.text()};
  return std::move(response.with("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                       .with("Cache-Control", "no-store"));
}

}  // namespace

void add_system_routes(Router& router, Context& context) {
  router.add(
      {"GET", "/v1/stats", [&, up = Stopwatch()](const Request&, int64_t) { return stats(context, up); }});
  router.add({"GET", "/v1/facets",
              [&, facets = std::make_shared<Facets>()](const Request&, int64_t) -> Result<Response> {
                return json_response(TRY(facets->get(context.library.reading())));
              }});
  router.add({"GET", "/metrics", [&](const Request&, int64_t) { return metrics(context); }});
  // Alive: it answers. Ready: it can also read its collection.
  router.add({"GET", "/healthz",
              [](const Request&, int64_t) -> Result<Response> {
                return json_response({{"status", "ok"}});
              },
              true});
  router.add({"GET", "/readyz",
              [&](const Request&, int64_t) -> Result<Response> {
                const auto count = context.library.reading().count();
                if (!count.ok()) return problem(503, count.error().message());
                return json_response({{"status", "ready"}});
              },
              true});
  router.add({"POST", "/v1/session",
              [&](const Request& request, int64_t) -> Result<Response> {
                return context.guard.open_session(request);
              },
              true});
}

}  // namespace elanus::server
