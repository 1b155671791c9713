// The life of a connection and of a request. Inside the room only: http_server.cc starts and ends it.
#pragma once
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "server/body_budget.h"
#include "server/deadlines.h"
#include "server/http_exchange.h"
#include "server/http_server.h"

namespace elanus::server {

// One request and its response. Belongs to the thread of the sockets, but between push and resume to a
// worker.
struct Exchange {
  MHD_Connection* connection = nullptr;
  int socket = -1;
  Request request;
  size_t reserved = 0;  // bytes of the budget of bodies
  std::optional<Response> response;
};

struct HttpServer::Core {
  const HttpLimits limits;
  Front& front;
  BodyBudget bodies;
  Deadlines deadlines;
  base::BoundedQueue<Exchange*> queue;
  std::atomic<size_t> connections{0}, queued{0}, answering{0};
  std::atomic<bool> draining{false};
  std::mutex mutex;
  std::condition_variable finished;
  size_t open = 0;  // requests begun and not completed; guarded by mutex
  MHD_Daemon* daemon = nullptr;
  std::vector<std::thread> workers;

  Core(const HttpLimits& l, Front& f) : limits(l), front(f), bodies(l.body, l.bodies), queue(l.queue) {}

  std::chrono::milliseconds time_for(size_t bytes) const {
    return limits.head_time + std::chrono::milliseconds(static_cast<int64_t>(
                                  1000 * static_cast<double>(bytes) / limits.least_rate));
  }

  bool respond(Exchange& exchange, Response response) {
    const bool endless = response.events != nullptr;
    if (endless)
      deadlines.clear(exchange.socket);
    else
      deadlines.set(exchange.socket, time_for(size_of(response)));
    return send(exchange.connection, std::move(response), draining);
  }

  // Room for bytes more of its body. A status when there is none.
  int reserve(Exchange& exchange, size_t bytes) {
    const int refused = bodies.take(exchange.reserved, bytes);
    if (!refused) exchange.reserved += bytes;
    return refused;
  }

  Response no_room(int status) const {
    return front.refuse(status, status == 413
                                    ? "the body is larger than " + std::to_string(limits.body >> 20) +
                                          " MiB; send the pictures in several requests"
                                    : "too many bytes are being uploaded at once");
  }

  bool begin(MHD_Connection* connection, const char* url, const char* method, void** state) {
    auto* exchange = new Exchange{connection, socket_of(connection), read_head(connection, url, method)};
    *state = exchange;
    {
      const std::lock_guard lock(mutex);
      ++open;
    }
    const BodyFacts facts = body_facts(exchange->request);
    if (facts.ambiguous) return respond(*exchange, front.refuse(400, "the length of the body is ambiguous"));
    if (facts.encoded)
      return respond(*exchange, front.refuse(415, "a compressed body is not read; send it as it is"));
    if (auto refused = front.admit(exchange->request)) return respond(*exchange, std::move(*refused));
    if (const int status = reserve(*exchange, facts.length.value_or(0)))
      return respond(*exchange, no_room(status));
    deadlines.set(exchange->socket, time_for(facts.length.value_or(limits.body)));
    return true;
  }

  bool take(Exchange& exchange, std::string_view bytes) {
    std::string& body = exchange.request.body;
    // A length was reserved when the head named it; chunks are counted as they come.
    if (body.size() + bytes.size() > exchange.reserved && !exchange.response)
      if (const int status = reserve(exchange, body.size() + bytes.size() - exchange.reserved))
        exchange.response = no_room(status);
    if (!exchange.response) body.append(bytes);
    return true;
  }

  bool end(Exchange& exchange) {
    if (exchange.response) return respond(exchange, std::move(*exchange.response));
    deadlines.clear(exchange.socket);
    ++queued;
    // First asleep, then in the queue: a worker may be done before this function is.
    MHD_suspend_connection(exchange.connection);
    if (queue.try_push(&exchange)) return true;
    --queued;
    exchange.response = front.refuse(503, "the server is busy");
    MHD_resume_connection(exchange.connection);
    return true;
  }

  void work() {
    while (const auto exchange = queue.pop()) {
      --queued;
      ++answering;
      (*exchange)->response = front.answer((*exchange)->request);
      --answering;
      MHD_resume_connection((*exchange)->connection);
    }
  }

  void completed(std::unique_ptr<Exchange> exchange) {
    bodies.give_back(exchange->reserved);
    deadlines.set(exchange->socket, limits.idle_time);
    const std::lock_guard lock(mutex);
    if (--open == 0) finished.notify_all();
  }

  void connected(MHD_Connection* connection, void** socket) {
    const int fd = socket_of(connection);
    *socket = reinterpret_cast<void*>(static_cast<intptr_t>(fd));
    ++connections;
    deadlines.set(fd, limits.head_time);
  }

  void disconnected(void* socket) {
    deadlines.clear(static_cast<int>(reinterpret_cast<intptr_t>(socket)));
    --connections;
  }

  // The library hands out paths as C strings: a NUL inside stays %00, so that it cannot cut one short.
  static size_t unescape(void*, MHD_Connection*, char* text) {
    return std::strstr(text, "%00") ? std::strlen(text) : MHD_http_unescape(text);
  }

  // What libmicrohttpd calls, all on its one thread.
  static MHD_Result on_request(void* self, MHD_Connection* connection, const char* url, const char* method,
                               const char*, const char* data, size_t* size, void** state) {
    auto& core = *static_cast<Core*>(self);
    auto* exchange = static_cast<Exchange*>(*state);
    bool ok = true;
    if (!exchange) {
      ok = core.begin(connection, url, method, state);
    } else if (*size > 0) {
      ok = core.take(*exchange, {data, *size});
      *size = 0;
    } else {
      ok = core.end(*exchange);
    }
    return ok ? MHD_YES : MHD_NO;
  }
  static void on_completed(void* self, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
    if (*state)
      static_cast<Core*>(self)->completed(std::unique_ptr<Exchange>(static_cast<Exchange*>(*state)));
    *state = nullptr;
  }
  static void on_connection(void* self, MHD_Connection* connection, void** socket,
                            MHD_ConnectionNotificationCode what) {
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
      static_cast<Core*>(self)->connected(connection, socket);
    else
      static_cast<Core*>(self)->disconnected(*socket);
  }
};

}  // namespace elanus::server
