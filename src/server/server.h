// server: the collection over HTTP, and the page. REST as docs/api.md and /openapi.json say.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "clip/clip.h"
#include "server/guard.h"
#include "server/http_server.h"
#include "server/library.h"

namespace elanus::server {

struct Options {
  std::string host = "127.0.0.1";
  uint16_t port = 7700;  // 0: any free one
  Access access;         // a key is demanded when another machine can connect
  HttpLimits limits;
  std::filesystem::path thumbnails;  // folder of small pictures; made when needed
  uint64_t thumbnail_bytes = uint64_t{2} << 30;
  std::filesystem::path uploads;  // folder of pictures that were sent
  std::vector<std::filesystem::path>
      index_roots;         // folders that may be indexed over HTTP, with all below them
  bool read_only = false;  // nothing may be added, deleted or indexed
  std::string version;     // of the program
  std::function<void(const std::string&)> log = [](const std::string&) {};  // one line; from any thread
};

class Server {
 public:
  // Listens and answers from now on. The collection and the model must outlive the server. invalid_argument:
  // an address that other machines reach, and no key.
  static Result<std::unique_ptr<Server>> start(const store::Collection& reading,
                                               Library::OpenWriter open_writer, const clip::Clip& clip,
                                               const Options& options);
  ~Server();

  uint16_t port() const;

  // Takes no more requests, stops index runs after the batch at hand, answers what has come in. At most
  // `patience`.
  void stop(std::chrono::milliseconds patience);

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace elanus::server
