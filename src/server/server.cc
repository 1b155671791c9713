#include "server/server.h"

#include "server/context.h"
#include "server/problem.h"
#include "server/router.h"
#include "server/routes.h"

namespace elanus::server {
namespace {

// No script, style or picture from elsewhere. The page brings a policy of its own, by which nothing but its
// own script runs.
constexpr const char* kPolicy =
    "default-src 'none'; img-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'";

Response safe(const Guard& guard, const Request& request, Response response) {
  guard.let_read(request, response);
  if (!response.header("Content-Security-Policy")) response.with("Content-Security-Policy", kPolicy);
  response.with("X-Content-Type-Options", "nosniff")
      .with("Referrer-Policy", "no-referrer")
      .with("Cross-Origin-Opener-Policy", "same-origin")
      .with("Cross-Origin-Resource-Policy", "same-origin");
  return response;
}

}  // namespace

class App final : public Front {
 public:
  explicit App(Context& context) : context_(context) {
    add_page_routes(router_, context);
    add_search_routes(router_, context);
    add_picture_routes(router_, context);
    add_thumb_routes(router_, context);
    add_upload_routes(router_, context);
    add_job_routes(router_, context);
    add_system_routes(router_, context);
    add_seed_routes(router_, context);
  }

  std::optional<Response> admit(const Request& head) override {
    const auto found = router_.find(head.method, head.path);
    auto preflight = context_.guard.preflight(head);
    auto refusal = context_.guard.check(head, preflight.has_value() || (found.route && found.route->open));
    if (!refusal) refusal = std::move(preflight);
    if (!refusal && !found.route)
      refusal = found.allowed.empty()
                    ? problem(404, "there is nothing at this path; see /openapi.json")
                    : problem(405, "this path answers " + found.allowed).with("Allow", found.allowed);
    if (!refusal) return std::nullopt;
    context_.metrics.answered(found.route ? found.route->pattern : "", refusal->status, 0);
    return safe(context_.guard, head, std::move(*refusal));
  }

  Response answer(const Request& request) override {
    const Stopwatch watch;
    const auto found = router_.find(request.method, request.path);
    Response response = ask(*found.route, request, found.id);
    context_.metrics.answered(found.route->pattern, response.status, watch.ms());
    if (response.status >= 500)
      context_.options.log(request.method + " " + found.route->pattern + ": " + response.body);
    return safe(context_.guard, request, std::move(response));
  }

  Response refuse(int status, const std::string& why) override {
    context_.metrics.answered("", status, 0);
    return safe(context_.guard, {}, problem(status, why));
  }

 private:
  // A library's exception must not end the worker, nor the process.
  static Response ask(const Route& route, const Request& request, int64_t id) {
    try {
      auto result = route.answer(request, id);
      return result.ok() ? std::move(*result) : problem(result.error());
    } catch (const std::bad_alloc&) {
      return problem(503, "out of memory");
    } catch (const std::exception& error) {
      return problem(500, std::string("this is a defect of the server: ") + error.what());
    }
  }

  Context& context_;
  Router router_;
};

struct Server::Parts {
  Parts(const store::Collection& reading, Library::OpenWriter open_writer, const clip::Clip& clip,
        const Options& options, PageDocument page)
      : context(reading, std::move(open_writer), clip, options, std::move(page)), app(context) {}
  Context context;
  App app;
  uint16_t port = 0;
  std::unique_ptr<HttpServer> http;  // goes first
};

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() { parts_->context.jobs.close(); }

Result<std::unique_ptr<Server>> Server::start(const store::Collection& reading,
                                              Library::OpenWriter open_writer, const clip::Clip& clip,
                                              const Options& options) {
  Listener listener = TRY(listen_on(options.host, options.port));
  if (!listener.loopback && options.access.key.empty())
    return Error(ErrorKind::invalid_argument,
                 "other machines can reach " + options.host +
                     ", so a key is needed: --api-key-file FILE (or stay with --host 127.0.0.1)");
  auto parts =
      std::make_unique<Parts>(reading, std::move(open_writer), clip, options, TRY(page_document(assets())));
  parts->port = listener.port;
  parts->http = TRY(HttpServer::start(std::move(listener), options.limits, parts->app));
  parts->context.http = parts->http.get();
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

uint16_t Server::port() const { return parts_->port; }

void Server::stop(std::chrono::milliseconds patience) {
  parts_->context.jobs.close();
  parts_->http->drain(patience);
}

}  // namespace elanus::server
