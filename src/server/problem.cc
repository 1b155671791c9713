#include "server/problem.h"

#include <nlohmann/json.hpp>

#include "io/path_json.h"

namespace elanus::server {
namespace {

nlohmann::json members(int status, const std::string& detail) {
  return {{"type", "about:blank"}, {"title", title_of(status)}, {"status", status}, {"detail", detail}};
}

Response respond(int status, const nlohmann::json& body) {
  Response response{.status = status,
                    .headers = {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}},
                    .body = io::to_text(body)};
  if (status == 503) response.with("Retry-After", "1");
  if (status == 401) response.with("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid_argument:
      return 400;
    case ErrorKind::permission:
      return 403;
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::already_exists:
    case ErrorKind::mismatch:
      return 409;
    case ErrorKind::too_large:
      return 413;
    case ErrorKind::unsupported:
      return 415;
    case ErrorKind::corrupt:
      return 422;
    case ErrorKind::io:
      return 500;
    case ErrorKind::busy:
    case ErrorKind::cancelled:
      return 503;
    case ErrorKind::no_space:
      return 507;
  }
  return 500;
}

const char* title_of(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 503:
      return "Service Unavailable";
    case 507:
      return "Insufficient Storage";
    default:
      return "Internal Server Error";
  }
}

nlohmann::json problem_json(const Error& error) {
  auto body = members(status_of(error.kind()), error.message());
  body["kind"] = base::to_string(error.kind());
  return body;
}

Response problem(int status, const std::string& detail) { return respond(status, members(status, detail)); }

Response problem(const Error& error) { return respond(status_of(error.kind()), problem_json(error)); }

Response json_response(const nlohmann::json& document, int status) {
  Response response = json_text_response(io::to_text(document));
  response.status = status;
  return response;
}

Response json_text_response(std::string document) {
  return {.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
          .body = std::move(document)};
}

}  // namespace elanus::server
