// The listening socket.
#pragma once
#include <cstdint>
#include <string>

#include "base/result.h"
#include "server/http.h"

namespace elanus::server {

struct Listener {
  File socket;
  uint16_t port = 0;      // the one that was given, or that the system chose for 0
  bool loopback = false;  // only this machine can reach it
};

// Binds and listens on a host name or address ("127.0.0.1", "::", "localhost"). busy: the port is taken.
Result<Listener> listen_on(const std::string& host, uint16_t port);

}  // namespace elanus::server
