#include "server/http_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <latch>
#include <semaphore>
#include <thread>

#include "server/problem.h"

namespace elanus::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// Answers with what it was asked, at once or when it is let.
class Echo final : public Front {
 public:
  std::optional<Response> admit(const Request& head) override {
    if (head.path == "/refused") return problem(403, "not this");
    return std::nullopt;
  }
  Response answer(const Request& request) override {
    if (request.path == "/wait") {
      waiting.release();
      go_on.acquire();
    }
    if (request.path == "/large") return {.status = 200, .body = std::string(size_t{32} << 20, 'x')};
    return {.status = 200,
            .headers = {{"Content-Type", "text/plain"}},
            .body = request.method + " " + request.body};
  }
  Response refuse(int status, const std::string& why) override { return problem(status, why); }

  std::counting_semaphore<> waiting{0}, go_on{0};
};

class HttpTest : public testing::Test {
 protected:
  void start(const HttpLimits& limits) {
    Listener listener = listen_on("127.0.0.1", 0).value();
    port_ = listener.port;
    server_ = HttpServer::start(std::move(listener), limits, echo_).value();
  }

  File connect_to() const {
    File connection(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(connection.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return connection;
  }
  static void put(const File& connection, const std::string& text) {
    EXPECT_EQ(::send(connection.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  // Until it contains `end`, or the server closes.
  static std::string take(const File& connection, const std::string& end) {
    std::string text;
    char bytes[4096];
    while (end.empty() || text.find(end) == std::string::npos) {
      const ssize_t got = ::recv(connection.get(), bytes, sizeof bytes, 0);
      if (got <= 0) break;
      text.append(bytes, static_cast<size_t>(got));
    }
    return text;
  }
  static std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }
  static std::string post(const std::string& body, size_t length) {
    return "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n" +
           body;
  }

  Echo echo_;
  uint16_t port_ = 0;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpTest, OneConnectionAsksManyTimes) {
  start({});
  const File connection = connect_to();
  for (const char* body : {"one", "two"}) {
    put(connection, post(body, 3));
    EXPECT_THAT(take(connection, body), StartsWith("HTTP/1.1 200"));
  }
  put(connection, get("/refused"));
  EXPECT_THAT(take(connection, "not this"), StartsWith("HTTP/1.1 403"));
}

TEST_F(HttpTest, WhatDoesNotFitIntoTheQueueIsToldToComeAgain) {
  start({.workers = 1, .queue = 1});
  const File first = connect_to(), second = connect_to(), third = connect_to();
  put(first, get("/wait"));
  echo_.waiting.acquire();
  put(second, get("/wait"));
  while (server_->load().queued == 0) std::this_thread::yield();
  put(third, get("/"));
  const std::string refused = take(third, "busy");
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(refused, HasSubstr("\r\nRetry-After: "));
  echo_.go_on.release(2);
  EXPECT_THAT(take(first, "GET "), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(take(second, "GET "), StartsWith("HTTP/1.1 200"));
  put(third, get("/"));
  EXPECT_THAT(take(third, "GET "), StartsWith("HTTP/1.1 200")) << "and then it has its turn";
}

TEST_F(HttpTest, BodiesHaveABoundAloneAndTogether) {
  start({.body = 1000, .bodies = 1500});
  const File large = connect_to(), one = connect_to(), other = connect_to();
  put(large, post("", 1001));
  EXPECT_THAT(take(large, "\r\n\r\n"), StartsWith("HTTP/1.1 413"));
  put(one, post("x", 1000));
  while (server_->load().connections < 2) std::this_thread::yield();
  std::string answer;
  // The first is known to the server once its byte has been read, a moment after it was sent.
  for (int attempt = 0; attempt < 1000 && !answer.starts_with("HTTP/1.1 503"); ++attempt) {
    const File again = connect_to();
    put(again, post(std::string(600, 'y'), 600));
    answer = take(again, "\r\n\r\n");
  }
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
  put(one, std::string(999, 'x'));
  EXPECT_THAT(take(one, "xxx"), StartsWith("HTTP/1.1 200"));
  put(other, post(std::string(600, 'y'), 600));
  EXPECT_THAT(take(other, "yyy"), StartsWith("HTTP/1.1 200")) << "room that was given back";
}

TEST_F(HttpTest, AHeadAByteAtATimeIsNotWaitedForLong) {
  using std::chrono::milliseconds;
  start({.head_time = milliseconds(200), .idle_time = milliseconds(200)});
  const File slow = connect_to(), idle = connect_to();
  put(idle, get("/"));
  EXPECT_THAT(take(idle, "GET "), StartsWith("HTTP/1.1 200"));
  put(slow, "GET / HT");
  EXPECT_EQ(take(slow, ""), "") << "it ends without an answer";
  EXPECT_EQ(take(idle, ""), "");
}

TEST_F(HttpTest, AnAnswerThatNobodyReadsIsNotKeptForLong) {
  start({.head_time = std::chrono::milliseconds(200), .least_rate = 1e9});
  const File lazy = connect_to();
  put(lazy, get("/large"));
  while (server_->load().connections == 0) std::this_thread::yield();
  while (server_->load().connections > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_LT(take(lazy, "").size(), size_t{32} << 20) << "what was on its way, and not the whole";
}

TEST_F(HttpTest, AtTheEndWhatHasComeInIsAnswered) {
  start({.workers = 1});
  const File connection = connect_to();
  put(connection, get("/wait"));
  echo_.waiting.acquire();
  std::jthread drain([&] { server_->drain(std::chrono::seconds(20)); });
  echo_.go_on.release();
  const std::string answer = take(connection, "GET ");
  drain.join();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
}

}  // namespace
}  // namespace elanus::server
