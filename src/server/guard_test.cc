#include "server/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace elanus::server {
namespace {

constexpr const char* kKey = "0123456789abcdef0123";

int status(const Guard& guard, const std::string& method, Pairs headers, bool open = false) {
  Request request;
  request.method = method;
  request.headers = std::move(headers);
  const auto refused = guard.check(request, open);
  return refused ? refused->status : 200;
}

TEST(ConstantTime, IsEquality) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("secret", "secret"));
  EXPECT_FALSE(equal_in_constant_time("secret", "secreT"));
  EXPECT_FALSE(equal_in_constant_time("secret", "secretsecret"));
  EXPECT_FALSE(equal_in_constant_time("secretsecret", "secret"));
  EXPECT_FALSE(equal_in_constant_time("a", ""));
  EXPECT_FALSE(equal_in_constant_time("", "a"));
  EXPECT_FALSE(equal_in_constant_time(std::string("\0", 1), ""));
}

TEST(HostName, WithoutThePort) {
  EXPECT_EQ(host_name("LocalHost:7700"), "localhost");
  EXPECT_EQ(host_name("[::1]:7700"), "[::1]");
  EXPECT_EQ(host_name("[::1]"), "[::1]");
  EXPECT_EQ(host_name(""), "");
  EXPECT_EQ(host_name("[broken:80"), "[broken");
}

TEST(Guard, AnswersOnlyForItsOwnNames) {
  const Guard guard({"", {"Pictures.Example"}});
  for (const char* host :
       {"localhost", "127.0.0.1:7700", "[::1]:7700", "pictures.example", "PICTURES.example:80"})
    EXPECT_EQ(status(guard, "GET", {{"Host", host}}), 200) << host;
  for (const char* host :
       {"evil.example", "localhost.evil.example", "", "127.0.0.1.evil.example", "pictures.example.org"})
    EXPECT_EQ(status(guard, "GET", {{"Host", host}}), 421) << host;
  EXPECT_EQ(status(guard, "GET", {}), 421);
}

TEST(Guard, PagesOfOtherOriginsChangeNothing) {
  const Guard guard({});
  const std::pair<std::string, std::string> host{"Host", "localhost:7700"};
  EXPECT_EQ(status(guard, "POST", {host}), 200) << "a program, not a page";
  EXPECT_EQ(status(guard, "POST", {host, {"Origin", "http://localhost:7700"}}), 200);
  EXPECT_EQ(status(guard, "POST", {host, {"Origin", "http://localhost:7701"}}), 403);
  EXPECT_EQ(status(guard, "DELETE", {host, {"Origin", "https://evil.example"}}), 403);
  EXPECT_EQ(status(guard, "POST", {host, {"Origin", "null"}}), 403);
  EXPECT_EQ(status(guard, "POST", {host, {"sec-fetch-site", "cross-site"}}), 403);
  EXPECT_EQ(status(guard, "GET", {host, {"Origin", "https://evil.example"}}), 200);
}

TEST(Guard, APageOfANamedOriginMayAskAndChange) {
  const Guard guard({kKey, {}, {"https://site.example"}});
  const auto ask = [](const std::string& method, const std::string& origin) {
    Request request;
    request.method = method;
    request.headers = {{"Host", "localhost"},
                       {"Origin", origin},
                       {"Sec-Fetch-Site", "cross-site"},
                       {"Access-Control-Request-Method", "POST"}};
    return request;
  };
  const auto allowed = [&](const std::string& origin) {
    Response response;
    guard.let_read(ask("GET", origin), response);
    EXPECT_EQ(response.header("Vary"), "Origin");
    return response.header("Access-Control-Allow-Origin").value_or("nobody");
  };
  EXPECT_EQ(allowed("https://site.example"), "https://site.example");
  EXPECT_EQ(guard.preflight(ask("OPTIONS", "https://site.example"))->status, 204);
  EXPECT_EQ(guard.check(ask("POST", "https://site.example"), false)->status, 401)
      << "the key is still needed";
  for (const char* other :
       {"http://site.example", "https://site.example:444", "https://site.example.evil.example", "null", ""}) {
    EXPECT_EQ(allowed(other), "nobody") << other;
    EXPECT_FALSE(guard.preflight(ask("OPTIONS", other))) << other;
    EXPECT_EQ(guard.check(ask("POST", other), true)->status, 403) << other;
  }
  EXPECT_FALSE(guard.preflight(ask("GET", "https://site.example")));
  Response response;
  Guard({}).let_read(ask("GET", "https://site.example"), response);
  EXPECT_TRUE(response.headers.empty()) << "nobody is named";
}

TEST(Guard, TheKeyOrASession) {
  Guard guard({kKey, {}});
  const std::pair<std::string, std::string> host{"Host", "localhost"};
  EXPECT_EQ(status(guard, "GET", {host}), 401);
  EXPECT_EQ(status(guard, "GET", {host}, true), 200) << "open to all";
  EXPECT_EQ(status(guard, "GET", {host, {"authorization", std::string("Bearer ") + kKey}}), 200);
  EXPECT_EQ(status(guard, "GET", {host, {"Authorization", std::string("Bearer ") + kKey + "x"}}), 401);
  EXPECT_EQ(status(guard, "GET", {host, {"Authorization", "Bearer "}}), 401);
  EXPECT_EQ(status(guard, "GET", {host, {"Authorization", kKey}}), 401);

  Request wrong, right;
  wrong.body = "guess";
  right.body = kKey;
  EXPECT_EQ(guard.open_session(wrong).status, 401);
  const Response opened = guard.open_session(right);
  ASSERT_EQ(opened.status, 204);
  const std::string cookie = opened.headers.at(0).second;
  EXPECT_THAT(cookie, testing::EndsWith("HttpOnly; SameSite=Strict"));
  Request by_https = right;
  by_https.headers = {{"X-Forwarded-Proto", "https"}};
  EXPECT_THAT(guard.open_session(by_https).headers.at(0).second, testing::EndsWith("; Secure"));
  const std::string pair = cookie.substr(0, cookie.find(';'));
  EXPECT_EQ(status(guard, "GET", {host, {"Cookie", "a=b; " + pair + "; c=d"}}), 200);
  EXPECT_EQ(status(guard, "GET", {host, {"Cookie", pair.substr(0, pair.size() - 1)}}), 401);
  EXPECT_EQ(status(guard, "GET", {host, {"Cookie", "elanus_session="}}), 401);
}

TEST(Guard, KeepsSixtyFourSessions) {
  Guard guard({kKey, {}});
  Request right;
  right.body = kKey;
  const std::string all = guard.open_session(right).headers.at(0).second,
                    first = all.substr(0, all.find(';'));
  for (int i = 0; i < 63; ++i) guard.open_session(right);
  EXPECT_EQ(status(guard, "GET", {{"Host", "localhost"}, {"Cookie", first}}), 200);
  guard.open_session(right);
  EXPECT_EQ(status(guard, "GET", {{"Host", "localhost"}, {"Cookie", first}}), 401);
}

}  // namespace
}  // namespace elanus::server
