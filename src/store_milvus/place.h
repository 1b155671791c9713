// Where a Milvus collection is, and how to talk to it: the URI
//
//   milvus://[user[:password]@]host[:port]/[database/]collection[?option=value&…]
//
// tls=1         TLS; ca=FILE trusts only the certificates in FILE (PEM), name=HOST is the name expected there
// token_file=   a file whose first line is the token (Zilliz Cloud's API key, or user:password)
// consistency=  strong | session (default: own writes are seen, others' soon) | bounded | eventually
// index=        the index of a collection that is made: autoindex (default), flat, ivf_flat, hnsw, … ; its
//               parameters: nlist, M, efConstruction, m, nbits
// nprobe, ef, search_list, reorder_k   parameters of a search
// timeout=      seconds for one call (default 30); a server that went away is waited for four times as long,
//               at most a minute
//
// Percent-escapes are read in user, password, names and values.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace elanus::store_milvus {

enum class Consistency { strong, session, bounded, eventually };

using Parameters = std::map<std::string, int64_t>;

struct Place {
  std::string host;
  uint16_t port = 19530;
  std::string database;  // empty: the server's default
  std::string collection;
  std::string user, password;
  std::string token;       // instead of user and password
  std::string token_file;  // read by Place::load_token
  bool tls = false;
  std::string ca_file, server_name;
  Consistency consistency = Consistency::session;
  std::string index = "AUTOINDEX";  // as Milvus spells it
  Parameters index_parameters, search_parameters;
  std::chrono::milliseconds call_timeout{30'000};

  // "milvus://host:port/database/collection": what messages show. Never the user, the password or the token.
  std::string shown() const;
  // The value of the `authorization` header; empty when there is nothing to say.
  std::string authorization() const;
};

// invalid_argument names the part that makes no sense, and never repeats the credentials.
Result<Place> parse_place(std::string_view uri);

// Reads `token_file`, when there is one, into `token`.
Result<void> load_token(Place& place);

}  // namespace elanus::store_milvus
