#include "server/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace elanus::server {
namespace {

constexpr int kBacklog = 511;

bool is_loopback(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET)
    return ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr) >> 24 == 127;
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
}

Result<Listener> listen_at(const addrinfo& place, const std::string& what) {
  Listener listener;
  listener.socket = File(::socket(place.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int fd = listener.socket.get();
  if (fd < 0) return base::errno_error("cannot make a socket", errno);
  const int on = 1;
  // A server that was killed may start again at once.
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd, place.ai_addr, place.ai_addrlen) != 0 || ::listen(fd, kBacklog) != 0) {
    if (errno == EADDRINUSE)
      return Error(ErrorKind::busy,
                   what + " is taken by another program; choose another --port (0: any free one)");
    return base::errno_error("cannot listen on " + what, errno);
  }
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    return base::errno_error("cannot ask for the address of " + what, errno);
  listener.port = ntohs(address.ss_family == AF_INET ? reinterpret_cast<sockaddr_in&>(address).sin_port
                                                     : reinterpret_cast<sockaddr_in6&>(address).sin6_port);
  listener.loopback = is_loopback(address);
  return listener;
}

}  // namespace

Result<Listener> listen_on(const std::string& host, uint16_t port) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found))
    return Error(ErrorKind::invalid_argument, "--host " + host + ": " + gai_strerror(error));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> places(found, ::freeaddrinfo);
  return listen_at(*places, host + " port " + std::to_string(port));
}

}  // namespace elanus::server
