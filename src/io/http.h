// One HTTP or HTTPS request at a time, by libcurl, which also follows its own environment variables for
// proxies (https_proxy, no_proxy, ...).
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"

namespace elanus::io {

// By name in lower case, the last of each.
using HttpHeaders = std::map<std::string, std::string>;

struct HttpRequest {
  std::string url;
  std::string bearer;  // a token for the host of `url`; a redirect to another host, port or protocol loses it
  uint64_t first_byte = 0;  // above 0: only what follows, if the content still has ...
  std::string if_range;     // ... this strong ETag
};

struct HttpAnswer {
  int status = 0;     // of the last answer, redirects followed
  HttpHeaders first;  // of the first answer, which is from the host that was asked
  HttpHeaders last;
  std::string host;  // that gave the last answer
};

struct HttpHandler {
  // The answer's status and headers are known; false ends the request.
  std::function<bool(const HttpAnswer&)> on_answer;
  std::function<bool(std::span<const std::byte>)> on_body;
  // Asked several times a second, also while nothing comes.
  std::function<bool()> go_on;
};

// cancelled when a handler said so. io names the host when it cannot be found, reached, trusted or heard (60
// s of silence), or breaks off in the middle. Any status is an answer.
Result<HttpAnswer> http_get(const HttpRequest& request, const HttpHandler& handler);

}  // namespace elanus::io
