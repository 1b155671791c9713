// One collection on one connection: what reading and writing have in common.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "store_milvus/connection.h"
#include "store_milvus/layout.h"
#include "store_milvus/place.h"
#include "store_milvus/protocol.h"

namespace elanus::store_milvus {

// How fresh an answer must be.
enum class Freshness {
  exact,  // everything acknowledged anywhere before the call
  own,    // everything that this session wrote, or had to see when it began writing
  chosen  // as the place's `consistency` says
};

struct Session {
  Place place;
  std::unique_ptr<Connection> connection;
  Layout layout;
  // The newest write that this session must see; 0: none known.
  std::atomic<uint64_t> seen{0};

  template <class Request>
  Request request() const {
    Request request;
    if constexpr (requires { request.set_db_name(""); }) request.set_db_name(place.database);
    if constexpr (requires { request.set_collection_name(""); })
      request.set_collection_name(place.collection);
    return request;
  }

  void saw(uint64_t timestamp);

  // The request's consistency level and guarantee timestamp.
  template <class Request>
  void demand(Freshness freshness, Request& request) const {
    const ConsistencyLevel level = this->level(freshness);
    request.set_consistency_level(level);
    request.set_guarantee_timestamp(level == kSession      ? seen.load()
                                    : level == kBounded    ? 2
                                    : level == kEventually ? 1
                                                           : 0);
  }

  // Loads the collection into the server's memory, where it is searched, and waits for it.
  Result<void> load() const;

  // As Connection::call; loads the collection first when the server answers that it is not (it came back from
  // a restart).
  template <class Reply>
  Result<Reply> read(const char* method, const google::protobuf::MessageLite& message) const {
    Refusal refusal;
    auto reply = connection->call<Reply>(method, message, Repeat::safe, &refusal);
    if (reply.ok() || !(refusal.code == kCollectionNotLoaded || refusal.old_code == kCollectionNotLoaded))
      return reply;
    TRY(load());
    return connection->call<Reply>(method, message);
  }

  // At most `limit` rows (0: no limit) that `expression` keeps, by ascending key when there is a limit.
  Result<pb::QueryResults> query(const std::string& expression, std::span<const std::string> fields,
                                 uint32_t limit, Freshness freshness) const;

  // count(*), exact.
  Result<uint64_t> count() const;

 private:
  ConsistencyLevel level(Freshness freshness) const;
};

// The vectors of those ids that are stored; the answers own what the spans point to.
struct StoredVectors {
  std::vector<pb::QueryResults> answers;
  std::unordered_map<int64_t, std::span<const float>> vectors;
};
Result<StoredVectors> stored_vectors(const Session& session, std::span<const int64_t> ids);

// Calls `visit` for each record that `condition` (empty: every record) keeps, by ascending key, until it
// returns false.
Result<void> visit_records(const Session& session, const std::string& condition,
                           const std::function<bool(const store::Record&)>& visit);

}  // namespace elanus::store_milvus
