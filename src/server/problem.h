// Errors as RFC 9457 problem details: {"type", "title", "status", "detail", "kind"}.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.h"
#include "server/http.h"

namespace elanus::server {

// The HTTP status for an Error that a handler met.
int status_of(ErrorKind kind);

// "Not Found".
const char* title_of(int status);

nlohmann::json problem_json(const Error& error);
Response problem(int status, const std::string& detail);
Response problem(const Error& error);

// A JSON document as a response that nobody may keep; the second: as a text.
Response json_response(const nlohmann::json& document, int status = 200);
Response json_text_response(std::string document);

}  // namespace elanus::server
