#include "store_milvus/session.h"

namespace elanus::store_milvus {
namespace {

template <class Request>
void add_parameter(Request& request, const char* key, const std::string& value) {
  auto& pair = *request.add_query_params();
  pair.set_key(key);
  pair.set_value(value);
}

}  // namespace

void Session::saw(uint64_t timestamp) {
  uint64_t before = seen;
  while (before < timestamp && !seen.compare_exchange_weak(before, timestamp)) {
  }
}

ConsistencyLevel Session::level(Freshness freshness) const {
  if (freshness == Freshness::exact || place.consistency == Consistency::strong) return kStrong;
  // A server that tells no timestamps must be asked for everything.
  if (freshness == Freshness::own) return seen ? kSession : kStrong;
  switch (place.consistency) {
    case Consistency::strong:
      return kStrong;
    case Consistency::session:
      return seen ? kSession : kBounded;
    case Consistency::bounded:
      return kBounded;
    case Consistency::eventually:
      return kEventually;
  }
  return kStrong;
}

Result<void> Session::load() const {
  TRY(connection->call<pb::Status>("LoadCollection", [&] {
    auto message = request<pb::LoadCollectionRequest>();
    message.set_replica_number(1);
    return message;
  }()));
  const auto until = std::chrono::steady_clock::now() + connection->patience().load;
  for (auto pause = std::chrono::milliseconds(10);;
       pause = std::min(pause * 2, std::chrono::milliseconds(1'000))) {
    const auto answer =
        TRY(connection->call<pb::GetLoadStateResponse>("GetLoadState", request<pb::GetLoadStateRequest>()));
    if (answer.state() == kLoaded) return {};
    if (std::chrono::steady_clock::now() > until)
      return Error(ErrorKind::io, place.shown() + ": the server has not loaded the collection within " +
                                      std::to_string(connection->patience().load.count() / 1000) +
                                      " s; try again later");
    TRY(connection->wait(pause));
  }
}

Result<pb::QueryResults> Session::query(const std::string& expression, std::span<const std::string> fields,
                                        uint32_t limit, Freshness freshness) const {
  auto message = request<pb::QueryRequest>();
  message.set_expr(expression);
  for (const auto& field : fields) message.add_output_fields(field);
  if (limit > 0) {
    add_parameter(message, "limit", std::to_string(limit));
    // What makes every version of the server go by ascending key.
    add_parameter(message, "iterator", "True");
    add_parameter(message, "reduce_stop_for_best", "True");
  }
  demand(freshness, message);
  return read<pb::QueryResults>("Query", message);
}

Result<uint64_t> Session::count() const {
  auto message = request<pb::QueryRequest>();
  message.add_output_fields("count(*)");
  demand(Freshness::exact, message);
  const auto answer = TRY(read<pb::QueryResults>("Query", message));
  const auto columns = TRY(Columns::read(answer.fields_data(), 1));
  const auto rows = columns.integer("count(*)", 0);
  if (!rows || *rows < 0)
    return Error(ErrorKind::corrupt, place.shown() + ": the server's answer has no count");
  return static_cast<uint64_t>(*rows);
}

}  // namespace elanus::store_milvus
