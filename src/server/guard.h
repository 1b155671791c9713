// Who may ask: the key, the sessions of the page, the name the server was asked by, and the page that asks.
#pragma once
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "server/http.h"

namespace elanus::server {

struct Access {
  std::string key;  // empty: everybody who can connect may ask; else 16 to 512 printable characters
  std::vector<std::string> hosts;  // names that a request may ask by, besides localhost, 127.0.0.1 and [::1]
  std::vector<std::string> origins =
      {};  // "https://host:port": sites whose pages may ask from a browser (CORS)
};

// Equal, in a time that depends on the lengths only.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// The name in a Host header, without its port, in lower case: "[::1]:7700" -> "[::1]".
std::string host_name(std::string_view host);

// Thread-safety: any method, any thread.
class Guard {
 public:
  explicit Guard(Access access);

  // A refusal, or nothing:
  // - 421 when the Host is not one of ours. A page elsewhere may give its own name our address (DNS
  // rebinding); the name
  //   it asks by gives it away.
  // - 403 when a page of another origin asks for a change.
  // - 401 without the key: "Authorization: Bearer KEY", or the cookie of a session. `open` paths need none.
  std::optional<Response> check(const Request& head, bool open) const;

  // The answer to a browser that asks whether a page of another origin may ask; nothing when it is no such
  // question, or the origin is not one of those named.
  std::optional<Response> preflight(const Request& head) const;
  // Lets a page of a named origin read this answer.
  void let_read(const Request& head, Response& response) const;

  // There is no key, or the request brings it, or the cookie.
  bool lets_in(const Request& head) const { return access_.key.empty() || has_key(head); }

  // What the page does once: the key in the body, a cookie in the answer.
  Response open_session(const Request& request);

 private:
  bool is_ours(std::string_view name) const;
  bool is_named(const std::optional<std::string>& origin) const;
  bool has_key(const Request& head) const;

  const Access access_;
  mutable std::mutex mutex_;
  std::vector<std::string> sessions_;  // the newest last
};

}  // namespace elanus::server
