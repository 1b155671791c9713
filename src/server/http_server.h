// HTTP/1.1 by libmicrohttpd: one thread for all sockets, a bounded queue, and worker threads that answer. A
// connection costs a thread only while its request is being answered. What is guarded against, and why this
// library: see docs/decisions/server.md.
#pragma once
#include <chrono>
#include <memory>
#include <optional>

#include "base/result.h"
#include "server/http.h"
#include "server/listener.h"

namespace elanus::server {

// Who answers. Thread-safety: called from many threads at once. Must not throw.
class Front {
 public:
  virtual ~Front() = default;
  // When the head has come, on the thread of the sockets: a response refuses the request; its body is never
  // read, and the connection ends.
  virtual std::optional<Response> admit(const Request& head) = 0;
  // When the body has come too, on a worker.
  virtual Response answer(const Request& request) = 0;
  // An answer that the server gives by itself, on the thread of the sockets: 400, 413 or 503.
  virtual Response refuse(int status, const std::string& why) = 0;
};

struct HttpLimits {
  unsigned workers = 0;         // 0: 32, or four per CPU if that is more
  size_t queue = 256;           // complete requests that wait for a worker; more are told to come again
  unsigned connections = 1000;  // open at once; more wait in the system's queue
  size_t head = 32768;          // bytes of request line and headers together
  size_t body = size_t{256} << 20;
  size_t bodies = size_t{512} << 20;  // of all requests together
  std::chrono::milliseconds head_time{10'000}, idle_time{30'000};
  double least_rate = 65536;  // bytes per second at which a body must come, or a response go, after head_time
};

class HttpServer {
 public:
  // Takes requests from now on. `front` must outlive the server.
  static Result<std::unique_ptr<HttpServer>> start(Listener listener, const HttpLimits& limits, Front& front);
  ~HttpServer();

  // Takes no more connections, answers what has come in, waits at most `patience` for that, and closes all.
  // Streams of events must have been ended before. Once.
  void drain(std::chrono::milliseconds patience);

  struct Load {
    size_t connections, queued, answering;
  };
  Load load() const;

 private:
  struct Core;
  explicit HttpServer(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace elanus::server
