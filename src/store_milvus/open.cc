// Making, finding, checking and dropping collections.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "store/metric.h"
#include "store/validate.h"
#include "store_milvus/describe.h"
#include "store_milvus/state.h"

namespace elanus::store_milvus {
namespace {

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

template <class Pairs>
void add(Pairs* pairs, const std::string& key, const std::string& value) {
  auto& pair = *pairs->Add();
  pair.set_key(key);
  pair.set_value(value);
}

Result<void> connect(Session& session, const Place& place, const Options& options) {
  session.place = place;
  TRY(load_token(session.place));
  Patience patience = options.patience;
  patience.call = place.call_timeout;
  // Who wants answers soon does not want to wait long for a server that went away.
  patience.restart = std::min(patience.restart, 4 * place.call_timeout);
  session.connection = TRY(Connection::open(session.place, patience, options.stop));
  return {};
}

Result<void> make_database(const Session& session) {
  if (session.place.database.empty() || session.place.database == "default") return {};
  const auto known =
      TRY(session.connection->call<pb::ListDatabasesResponse>("ListDatabases", pb::ListDatabasesRequest()));
  for (const auto& name : known.db_names())
    if (name == session.place.database) return {};
  pb::CreateDatabaseRequest request;
  request.set_db_name(session.place.database);
  TRY(session.connection->call<pb::Status>("CreateDatabase", request));
  return {};
}

Result<void> make_index(const Session& session, const char* field, const std::string& type,
                        const std::string& metric, const Parameters& parameters) {
  auto request = session.request<pb::CreateIndexRequest>();
  request.set_field_name(field);
  request.set_index_name(field);
  add(request.mutable_extra_params(), "index_type", type);
  if (!metric.empty()) add(request.mutable_extra_params(), "metric_type", metric);
  if (!metric.empty()) add(request.mutable_extra_params(), "params", nlohmann::json(parameters).dump());
  auto made = session.connection->call<pb::Status>("CreateIndex", request);
  if (made.ok()) return {};
  // The collection is new: an index that is there is that of an attempt whose answer was lost.
  const auto there = session.connection->call<pb::DescribeIndexResponse>(
      "DescribeIndex", session.request<pb::DescribeIndexRequest>());
  if (there.ok())
    for (const auto& index : there->index_descriptions())
      if (index.field_name() == field) return {};
  return std::move(made).error();
}

Result<bool> has_collection(const Session& session) {
  Refusal refusal;
  auto answer = session.connection->call<pb::BoolResponse>(
      "HasCollection", session.request<pb::HasCollectionRequest>(), Repeat::safe, &refusal);
  if (answer.ok()) return answer->value();
  if (answer.error().kind() == ErrorKind::not_found) return false;  // the database is not there
  return std::move(answer).error();
}

Error nothing_there(const Session& session) {
  return {ErrorKind::not_found, "there is no collection at " + session.place.shown() +
                                    "; make one with: elanus index FOLDER --store " + session.place.shown()};
}

}  // namespace

Result<bool> MilvusCollection::exists(const Place& place, const Options& options) {
  Session session;
  TRY(connect(session, place, options));
  return has_collection(session);
}

Result<std::unique_ptr<MilvusCollection>> MilvusCollection::create(const Place& place,
                                                                   const store::Schema& schema,
                                                                   const Options& options) {
  TRY(store::check_schema(schema));
  {
    Session session;
    TRY(connect(session, place, options));
    TRY(make_database(session));
    if (TRY(has_collection(session)))
      return Error(ErrorKind::already_exists, "there is a collection at " + place.shown() + " already");
    auto request = session.request<pb::CreateCollectionRequest>();
    auto message = schema_message(place.collection, schema.dim);
    sign(schema.model, message, request);
    request.set_schema(message.SerializeAsString());
    request.set_shards_num(1);
    request.set_consistency_level(place.consistency == Consistency::strong ? kStrong : kSession);
    TRY(session.connection->call<pb::Status>("CreateCollection", request, Repeat::unsafe));
    // Indexes come before loading: a collection without one cannot be loaded.
    TRY(make_index(session, kVectorField, place.index, upper(store::to_string(schema.metric)),
                   place.index_parameters));
    TRY(make_index(session, kPathKeyField, "INVERTED", "", {}));
    TRY(make_index(session, kContentField, "INVERTED", "", {}));
  }
  return open(place, OpenMode::read_write, options);
}

Result<std::unique_ptr<MilvusCollection>> MilvusCollection::open(const Place& place, OpenMode mode,
                                                                 const Options& options) {
  auto state = std::make_unique<State>();
  Session& session = state->session;
  TRY(connect(session, place, options));
  if (!TRY(has_collection(session))) return nothing_there(session);
  session.layout = TRY(describe_fields(session));
  TRY(describe_index(session, session.layout));
  state->mode = mode;
  if (mode == OpenMode::read_write && !session.layout.ours)
    return Error(ErrorKind::mismatch,
                 place.shown() + " was not made by elanus; it can be searched, not written. Make one of " +
                     "your own, or move it with: elanus copy");
  TRY(session.load());
  return std::unique_ptr<MilvusCollection>(new MilvusCollection(std::move(state)));
}

Result<void> MilvusCollection::drop(const Place& place, const Options& options) {
  Session session;
  TRY(connect(session, place, options));
  if (!TRY(has_collection(session))) return nothing_there(session);
  if (!TRY(describe_fields(session)).ours)
    return Error(ErrorKind::mismatch,
                 place.shown() + " was not made by elanus, so that elanus does not drop it");
  TRY(session.connection->call<pb::Status>("DropCollection", session.request<pb::DropCollectionRequest>()));
  return {};
}

Result<Description> MilvusCollection::describe() const {
  const Session& session = state_->session;
  const auto described = TRY(session.connection->call<pb::DescribeCollectionResponse>(
      "DescribeCollection", session.request<pb::DescribeCollectionRequest>()));
  return Description{session.connection->server_version(), session.layout.index,
                     upper(store::to_string(session.layout.schema.metric)), described.shards_num(),
                     session.layout.ours};
}

MilvusCollection::MilvusCollection(std::unique_ptr<State> state) : state_(std::move(state)) {}
MilvusCollection::~MilvusCollection() = default;

}  // namespace elanus::store_milvus
