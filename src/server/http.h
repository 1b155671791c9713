// What the server's handlers see of HTTP: a request that is all there, a response that is written later.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace elanus::server {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;  // "GET", also for HEAD
  std::string path;    // percent-decoded, no query
  Pairs query;         // percent-decoded, in order
  Pairs headers;       // as sent
  std::string body;

  // The first value of a query parameter, or of a header (any case); nothing when it is not there.
  std::optional<std::string> parameter(std::string_view name) const;
  std::optional<std::string> header(std::string_view name) const;
};

// An open file descriptor, closed at the end.
class File {
 public:
  File() = default;
  explicit File(int fd) : fd_(fd) {}
  File(File&& other) noexcept : fd_(other.release()) {}
  File& operator=(File&& other) noexcept;
  ~File();
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

// Bytes that come while time passes (server-sent events).
class EventStream {
 public:
  virtual ~EventStream() = default;
  struct Piece {
    std::string bytes;   // may be empty: nothing yet
    bool ended = false;  // nothing will come after these
  };
  // What has come since the last call. When that is nothing, and more may come: calls `sleep` before any
  // other thread can call `wake`, and has `wake` called exactly once when there is more.
  virtual Piece next(const std::function<void()>& sleep, std::function<void()> wake) = 0;
};

struct Response {
  int status = 200;
  Pairs headers = {};
  std::string body = {};  // unless there is a file or events
  File file = {};         // a regular file, written from its beginning
  uint64_t file_size = 0;
  std::shared_ptr<EventStream> events = nullptr;

  // The first value of a header, spelt like this; nothing when it is not there.
  std::optional<std::string> header(std::string_view name) const;

  Response& with(std::string name, std::string value) & {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  Response&& with(std::string name, std::string value) && {
    return std::move(with(std::move(name), std::move(value)));
  }
};

}  // namespace elanus::server
