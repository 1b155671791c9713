#include "server/http_server.h"

#include <algorithm>

#include "base/thread_pool.h"
#include "server/http_core.h"

namespace elanus::server {

HttpServer::HttpServer(std::unique_ptr<Core> core) : core_(std::move(core)) {}

Result<std::unique_ptr<HttpServer>> HttpServer::start(Listener listener, const HttpLimits& limits,
                                                      Front& front) {
  auto core = std::make_unique<Core>(limits, front);
  const unsigned workers = limits.workers ? limits.workers : std::max(32u, 4 * base::available_cpus());
  for (unsigned i = 0; i < workers; ++i) core->workers.emplace_back([c = core.get()] { c->work(); });
  core->daemon = MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, nullptr, nullptr, Core::on_request,
      core.get(), MHD_OPTION_LISTEN_SOCKET, listener.socket.get(), MHD_OPTION_CONNECTION_LIMIT,
      limits.connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits.head, MHD_OPTION_STRICT_FOR_CLIENT, 1,
      MHD_OPTION_NOTIFY_COMPLETED, Core::on_completed, core.get(), MHD_OPTION_NOTIFY_CONNECTION,
      Core::on_connection, core.get(), MHD_OPTION_UNESCAPE_CALLBACK, Core::unescape, nullptr, MHD_OPTION_END);
  auto server = std::unique_ptr<HttpServer>(new HttpServer(std::move(core)));
  if (!server->core_->daemon) return Error(ErrorKind::io, "the HTTP library cannot be started");
  listener.socket.release();
  return server;
}

HttpServer::Load HttpServer::load() const { return {core_->connections, core_->queued, core_->answering}; }

void HttpServer::drain(std::chrono::milliseconds patience) {
  core_->draining = true;
  const File listening(MHD_quiesce_daemon(core_->daemon));
  std::unique_lock lock(core_->mutex);
  core_->finished.wait_for(lock, patience, [&] { return core_->open == 0; });
}

HttpServer::~HttpServer() {
  // The workers end with an empty queue, so that no connection is asleep when the library stops.
  core_->queue.close();
  for (auto& worker : core_->workers) worker.join();
  if (core_->daemon) MHD_stop_daemon(core_->daemon);
}

}  // namespace elanus::server
