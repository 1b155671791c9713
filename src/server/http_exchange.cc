#include "server/http_exchange.h"

#include <cstring>

#include <strings.h>

#include <algorithm>
#include <charconv>

namespace elanus::server {
namespace {

MHD_Result add_pair(void* pairs, MHD_ValueKind, const char* key, size_t key_size, const char* value,
                    size_t value_size) {
  static_cast<Pairs*>(pairs)->emplace_back(std::string(key, key_size),
                                           value ? std::string(value, value_size) : std::string());
  return MHD_YES;
}

// One response of events on its way out.
struct Outflow {
  MHD_Connection* connection;
  std::shared_ptr<EventStream> events;
  std::string bytes;
  size_t given = 0;
  bool ended = false;

  static ssize_t read(void* self, uint64_t, char* out, size_t room) {
    auto& flow = *static_cast<Outflow*>(self);
    if (flow.given == flow.bytes.size() && !flow.ended) {
      MHD_Connection* connection = flow.connection;
      auto piece = flow.events->next([connection] { MHD_suspend_connection(connection); },
                                     [connection] { MHD_resume_connection(connection); });
      flow.bytes = std::move(piece.bytes);
      flow.given = 0;
      flow.ended = piece.ended;
    }
    const size_t size = std::min(room, flow.bytes.size() - flow.given);
    if (size == 0) return flow.ended ? MHD_CONTENT_READER_END_OF_STREAM : 0;
    std::memcpy(out, flow.bytes.data() + flow.given, size);
    flow.given += size;
    return static_cast<ssize_t>(size);
  }
  static void free(void* self) { delete static_cast<Outflow*>(self); }
};

MHD_Response* to_mhd(MHD_Connection* connection, Response& response) {
  if (response.events)
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, Outflow::read,
                                             new Outflow{connection, std::move(response.events), {}},
                                             Outflow::free);
  if (response.file.get() >= 0)
    return MHD_create_response_from_fd64(response.file_size, response.file.release());
  auto* body = new std::string(std::move(response.body));
  return MHD_create_response_from_buffer_with_free_callback_cls(
      body->size(), body->data(), [](void* text) { delete static_cast<std::string*>(text); }, body);
}

}  // namespace

int socket_of(MHD_Connection* connection) {
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

Request read_head(MHD_Connection* connection, const char* url, const char* method) {
  Request request;
  request.method = std::strcmp(method, "HEAD") == 0 ? "GET" : method;
  request.path = url;
  MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, add_pair, &request.query);
  MHD_get_connection_values_n(connection, MHD_HEADER_KIND, add_pair, &request.headers);
  return request;
}

BodyFacts body_facts(const Request& head) {
  BodyFacts facts;
  size_t lengths = 0, chunked = 0;
  for (const auto& [name, value] : head.headers) {
    if (strcasecmp(name.c_str(), "Content-Length") == 0) {
      ++lengths;
      size_t length = 0;
      const char* end = value.data() + value.size();
      const auto [stop, error] = std::from_chars(value.data(), end, length);
      if (error != std::errc() || stop != end) facts.ambiguous = true;
      facts.length = length;
    } else if (strcasecmp(name.c_str(), "Transfer-Encoding") == 0) {
      ++chunked;
      if (strcasecmp(value.c_str(), "chunked") != 0) facts.ambiguous = true;
    } else if (strcasecmp(name.c_str(), "Content-Encoding") == 0) {
      facts.encoded = strcasecmp(value.c_str(), "identity") != 0;
    }
  }
  if (lengths + chunked > 1) facts.ambiguous = true;
  return facts;
}

size_t size_of(const Response& response) {
  return response.file.get() >= 0 ? response.file_size : response.body.size();
}

bool send(MHD_Connection* connection, Response response, bool last) {
  MHD_Response* out = to_mhd(connection, response);
  if (!out) return false;
  for (const auto& [name, value] : response.headers)
    MHD_add_response_header(out, name.c_str(), value.c_str());
  if (last) MHD_add_response_header(out, "Connection", "close");
  const bool queued = MHD_queue_response(connection, static_cast<unsigned>(response.status), out) == MHD_YES;
  MHD_destroy_response(out);
  return queued;
}

}  // namespace elanus::server
