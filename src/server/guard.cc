#include "server/guard.h"

#include <sys/random.h>

#include <algorithm>
#include <cstdio>

#include "server/problem.h"

namespace elanus::server {
namespace {

constexpr size_t kMaxSessions = 64;
constexpr std::string_view kCookie = "elanus_session=";

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

// 256 random bits in hex; empty when the system has none.
std::string random_token() {
  unsigned char bytes[32];
  if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes) return {};
  std::string token;
  char hex[3];
  for (const unsigned char byte : bytes) {
    std::snprintf(hex, sizeof hex, "%02x", byte);
    token += hex;
  }
  return token;
}

std::string cookie(const Request& head) {
  const std::string all = head.header("Cookie").value_or("");
  const size_t at = all.find(kCookie);
  if (at == std::string::npos) return {};
  const size_t begin = at + kCookie.size();
  return all.substr(begin, all.find(';', begin) - begin);
}

bool changes_nothing(const Request& head) { return head.method == "GET" || head.method == "OPTIONS"; }

}  // namespace

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  unsigned different = a.size() != b.size();
  for (size_t i = 0; i < a.size(); ++i)
    different |=
        static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b.empty() ? 0 : b[i % b.size()]);
  return different == 0;
}

std::string host_name(std::string_view host) {
  const size_t after = host.starts_with('[') ? host.find(']') : 0;
  const size_t colon = host.find(':', after == std::string_view::npos ? 0 : after);
  return lower(host.substr(0, colon));
}

Guard::Guard(Access access) : access_(std::move(access)) {}

bool Guard::is_ours(std::string_view name) const {
  if (name == "localhost" || name == "127.0.0.1" || name == "[::1]") return true;
  return std::any_of(access_.hosts.begin(), access_.hosts.end(),
                     [&](const std::string& host) { return lower(host) == name; });
}

bool Guard::is_named(const std::optional<std::string>& origin) const {
  return origin &&
         std::find(access_.origins.begin(), access_.origins.end(), lower(*origin)) != access_.origins.end();
}

bool Guard::has_key(const Request& head) const {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string given = head.header("Authorization").value_or("");
  if (given.starts_with(kBearer)) return equal_in_constant_time(given.substr(kBearer.size()), access_.key);
  const std::string session = cookie(head);
  const std::lock_guard lock(mutex_);
  bool known = false;
  for (const auto& one : sessions_) known |= equal_in_constant_time(session, one);
  return known;
}

std::optional<Response> Guard::check(const Request& head, bool open) const {
  const std::string host = head.header("Host").value_or("");
  if (!is_ours(host_name(host)))
    return problem(421, "this server does not answer for the host '" + host + "'; name it with --allow-host");
  const auto origin = head.header("Origin");
  if (!changes_nothing(head) && !is_named(origin)) {
    const size_t scheme = origin ? origin->find("://") : std::string::npos;
    if (origin && (scheme == std::string::npos || lower(origin->substr(scheme + 3)) != lower(host)))
      return problem(403, "a page of " + *origin + " may not change anything here");
    if (head.header("Sec-Fetch-Site") == "cross-site")
      return problem(403, "another site may not change anything here");
  }
  if (open || lets_in(head)) return std::nullopt;
  return problem(401, "this server needs its key: Authorization: Bearer KEY");
}

// Cookies are not asked for: a page elsewhere brings the key itself, where there is one.
void Guard::let_read(const Request& head, Response& response) const {
  if (access_.origins.empty()) return;
  response.with("Vary", "Origin");
  if (const auto origin = head.header("Origin"); is_named(origin))
    response.with("Access-Control-Allow-Origin", *origin)
        .with("Access-Control-Expose-Headers", "Retry-After, Location");
}

std::optional<Response> Guard::preflight(const Request& head) const {
  if (head.method != "OPTIONS" || !head.header("Access-Control-Request-Method") ||
      !is_named(head.header("Origin")))
    return std::nullopt;
  return Response{.status = 204}
      .with("Access-Control-Allow-Methods", "GET, POST, DELETE")
      .with("Access-Control-Allow-Headers", "Authorization, Content-Type")
      .with("Access-Control-Max-Age", "600");
}

Response Guard::open_session(const Request& request) {
  if (access_.key.empty()) return Response{.status = 204};
  if (!equal_in_constant_time(request.body, access_.key)) return problem(401, "that is not the key");
  const std::string token = random_token();
  if (token.empty()) return problem(500, "the system gives no random numbers");
  {
    const std::lock_guard lock(mutex_);
    if (sessions_.size() == kMaxSessions) sessions_.erase(sessions_.begin());
    sessions_.push_back(token);
  }
  // Behind a proxy with TLS. Who lies about it only keeps the cookie from themselves.
  const char* secure = request.header("X-Forwarded-Proto") == "https" ? "; Secure" : "";
  return Response{.status = 204}.with(
      "Set-Cookie", std::string(kCookie) + token + "; Path=/; HttpOnly; SameSite=Strict" + secure);
}

}  // namespace elanus::server
