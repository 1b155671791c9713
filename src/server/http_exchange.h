// Between libmicrohttpd's structures and ours. Inside the room only.
#pragma once
#include <microhttpd.h>

#include <optional>

#include "server/http.h"

namespace elanus::server {

int socket_of(MHD_Connection* connection);

// The head of the request that `connection` has read.
Request read_head(MHD_Connection* connection, const char* url, const char* method);

// What the head says of the body: its length when it names one.
struct BodyFacts {
  bool ambiguous =
      false;  // two lengths, or a length and chunks: where the next request begins is anybody's guess
  bool encoded = false;  // compressed
  std::optional<size_t> length;
};
BodyFacts body_facts(const Request& head);

// Gives the response to the connection. False when it cannot be sent.
bool send(MHD_Connection* connection, Response response, bool last);

// How long a client may take to read it: bytes, 0 for events.
size_t size_of(const Response& response);

}  // namespace elanus::server
