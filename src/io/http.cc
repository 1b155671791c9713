#include "io/http.h"

#include <memory>

#include "io/curl_library.h"

namespace elanus::io {
namespace {

struct Exchange {
  const HttpHandler& handler;
  HttpAnswer answer{};
  HttpHeaders headers{};  // of the answer that is coming in
  int answers = 0;
  bool told = false, stopped = false;

  // The body of a redirect is not the body.
  bool is_last() const {
    return answer.status < 300 || answer.status >= 400 || !headers.contains("location");
  }
};

std::string trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

size_t on_header(char* data, size_t, size_t size, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::string_view line(data, size);
  if (line.starts_with("HTTP/")) {
    exchange.headers.clear();
    const size_t space = line.find(' ');
    exchange.answer.status =
        space == std::string_view::npos ? 0 : std::atoi(std::string(line.substr(space)).c_str());
  } else if (const size_t colon = line.find(':'); colon != std::string_view::npos) {
    std::string name(line.substr(0, colon));
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    exchange.headers[name] = trimmed(line.substr(colon + 1));
  } else if (trimmed(line).empty() && exchange.answer.status >= 200) {
    if (exchange.answers++ == 0) exchange.answer.first = exchange.headers;
    exchange.answer.last = exchange.headers;
    if (exchange.is_last() && !exchange.told) {
      exchange.told = true;
      exchange.stopped = !exchange.handler.on_answer(exchange.answer);
    }
  }
  return exchange.stopped ? 0 : size;
}

size_t on_body(char* data, size_t, size_t size, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  if (!exchange.is_last()) return size;
  if (!exchange.handler.on_body(std::as_bytes(std::span(data, size)))) exchange.stopped = true;
  return exchange.stopped ? 0 : size;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto& exchange = *static_cast<Exchange*>(user);
  if (!exchange.handler.go_on()) exchange.stopped = true;
  return exchange.stopped ? 1 : 0;
}

std::string host_of(const std::string& url) {
  const size_t scheme = url.find("://");
  const size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  return url.substr(begin, url.find_first_of("/?#", begin) - begin);
}

Error failure(CURLcode code, const std::string& host, const std::string& why) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return {ErrorKind::io, "no connection to " + host + ": " + why +
                                 ". Is there a network? Behind a proxy, set https_proxy"};
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorKind::io, host + " fell silent: " + why};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return {ErrorKind::io,
              host + " cannot prove who it is: " + why + ". Is the package ca-certificates installed?"};
    case CURLE_TOO_MANY_REDIRECTS:
      return {ErrorKind::io, host + " redirects in a circle"};
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      return {ErrorKind::invalid_argument, host + ": " + why};
    default:
      return {ErrorKind::io, "the connection to " + host + " broke: " + why};
  }
}

}  // namespace

Result<HttpAnswer> http_get(const HttpRequest& request, const HttpHandler& handler) {
  const CurlLibrary& curl = *TRY(curl_library());
  const std::unique_ptr<CURL, decltype(curl.cleanup)> easy(curl.init(), curl.cleanup);
  if (!easy) return Error(ErrorKind::io, "libcurl cannot begin a request");

  curl_slist* list = nullptr;
  const auto header = [&](const std::string& line) { list = curl.append(list, line.c_str()); };
  if (!request.bearer.empty()) header("Authorization: Bearer " + request.bearer);
  if (request.first_byte > 0) header("Range: bytes=" + std::to_string(request.first_byte) + "-");
  if (request.first_byte > 0) header("If-Range: " + request.if_range);
  const std::unique_ptr<curl_slist, decltype(curl.free_list)> headers(list, curl.free_list);

  Exchange exchange{handler};
  char why[CURL_ERROR_SIZE] = "";
  const bool secure = request.url.starts_with("https:");
  const auto set = [&](CURLoption option, auto value) { curl.set(easy.get(), option, value); };
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_HTTPHEADER, headers.get());
  set(CURLOPT_USERAGENT, "elanus");
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, 10L);
  set(CURLOPT_CONNECTTIMEOUT, 30L);
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, 60L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, on_progress);
  set(CURLOPT_XFERINFODATA, &exchange);
  set(CURLOPT_HEADERFUNCTION, on_header);
  set(CURLOPT_HEADERDATA, &exchange);
  set(CURLOPT_WRITEFUNCTION, on_body);
  set(CURLOPT_WRITEDATA, &exchange);
  set(CURLOPT_ERRORBUFFER, why);
  const CURLcode code = curl.perform(easy.get());

  const char* url = nullptr;
  curl.info(easy.get(), CURLINFO_EFFECTIVE_URL, &url);
  exchange.answer.host = host_of(url == nullptr ? request.url : url);
  if (exchange.stopped) return Error(ErrorKind::cancelled, "stopped");
  if (code != CURLE_OK) return failure(code, exchange.answer.host, *why != '\0' ? why : curl.error(code));
  return std::move(exchange.answer);
}

}  // namespace elanus::io
