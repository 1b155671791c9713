#include "store_milvus/describe.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "store/metric.h"
#include "store/validate.h"

namespace elanus::store_milvus {
namespace {

constexpr const char* kFormat = "elanus.format";
constexpr const char* kModelName = "elanus.model.name";
constexpr const char* kModelHash = "elanus.model.hash";
constexpr const char* kHighestId = "elanus.highest_id";

template <class Pairs>
std::string value_of(const Pairs& pairs, const std::string& key) {
  for (const auto& pair : pairs)
    if (pair.key() == key) return pair.value();
  return "";
}

// Who made the vectors: kept as properties, and in the description for servers that keep only that.
struct Identity {
  store::ModelId model;
  bool known = false;
};

Identity identity_of(const pb::DescribeCollectionResponse& described) {
  if (!value_of(described.properties(), kFormat).empty())
    return {{value_of(described.properties(), kModelName), value_of(described.properties(), kModelHash)},
            true};
  const auto json = nlohmann::json::parse(described.schema().description(), nullptr, false);
  const auto text = [&](const char* key) {
    const auto value = json.is_object() ? json.find(key) : json.end();
    return json.is_object() && value != json.end() && value->is_string() ? value->get<std::string>()
                                                                         : std::string();
  };
  return {{text(kModelName), text(kModelHash)}, !text(kFormat).empty()};
}

}  // namespace

Result<Layout> describe_fields(const Session& session) {
  const auto described = TRY(session.connection->call<pb::DescribeCollectionResponse>(
      "DescribeCollection", session.request<pb::DescribeCollectionRequest>()));
  Layout layout;
  for (const auto& field : described.schema().fields()) {
    if (field.is_primary_key()) {
      layout.key_field = field.name();
      layout.text_key = field.data_type() == kVarChar;
    }
    const bool ours = field.name() == kVectorField;
    if (field.data_type() != kFloatVector || (!layout.vector_field.empty() && !ours)) continue;
    layout.vector_field = field.name();
    layout.schema.dim =
        static_cast<uint32_t>(std::strtoul(value_of(field.type_params(), "dim").c_str(), nullptr, 10));
  }
  if (layout.key_field.empty() || layout.vector_field.empty())
    return Error(ErrorKind::mismatch,
                 session.place.shown() + ": there is no FLOAT_VECTOR in this collection to search");
  TRY(base::within(session.place.shown(), store::check_schema(layout.schema)));
  const Identity identity = identity_of(described);
  layout.ours = identity.known && why_not_ours(described.schema()).empty();
  layout.schema.model = identity.known ? identity.model : store::ModelId{"unknown", ""};
  layout.fields = readable_fields(described.schema());
  layout.has_norm = std::find(layout.fields.begin(), layout.fields.end(), kNormField) != layout.fields.end();
  if (std::find(layout.fields.begin(), layout.fields.end(), layout.key_field) == layout.fields.end())
    layout.fields.push_back(layout.key_field);
  return layout;
}

Result<void> describe_index(const Session& session, Layout& layout) {
  const auto answer = TRY(session.connection->call<pb::DescribeIndexResponse>(
      "DescribeIndex", session.request<pb::DescribeIndexRequest>()));
  for (const auto& index : answer.index_descriptions()) {
    if (index.field_name() != layout.vector_field) continue;
    if (index.state() == kIndexFailed)
      return Error(ErrorKind::io, session.place.shown() + ": the server could not build the index: " +
                                      index.index_state_fail_reason());
    layout.index = value_of(index.params(), "index_type");
    if (const auto parameters = value_of(index.params(), "params"); !parameters.empty() && parameters != "{}")
      layout.index += " " + parameters;
    layout.schema.metric = TRY(
        base::within(session.place.shown(), store::parse_metric(value_of(index.params(), "metric_type"))));
    return {};
  }
  return Error(ErrorKind::mismatch, session.place.shown() + ": the field '" + layout.vector_field +
                                        "' has no index; make one, or drop the collection and make it again");
}

void sign(const store::ModelId& model, pb::CollectionSchema& schema, pb::CreateCollectionRequest& request) {
  const std::pair<const char*, std::string> facts[] = {
      {kFormat, "1"}, {kModelName, model.name}, {kModelHash, model.hash}};
  nlohmann::json description;
  for (const auto& [key, value] : facts) {
    description[key] = value;
    auto& pair = *request.add_properties();
    pair.set_key(key);
    pair.set_value(value);
  }
  schema.set_description(description.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Result<std::optional<int64_t>> kept_highest_id(const Session& session) {
  const auto described = TRY(session.connection->call<pb::DescribeCollectionResponse>(
      "DescribeCollection", session.request<pb::DescribeCollectionRequest>()));
  const std::string text = value_of(described.properties(), kHighestId);
  if (text.empty()) return std::optional<int64_t>();
  int64_t id = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (fault != std::errc() || end != text.data() + text.size())
    return Error(ErrorKind::corrupt, session.place.shown() + ": the property " + kHighestId + " is '" + text +
                                         "', expected a number");
  return std::optional(id);
}

Result<void> keep_highest_id(const Session& session, int64_t id) {
  auto request = session.request<pb::AlterCollectionRequest>();
  auto& pair = *request.add_properties();
  pair.set_key(kHighestId);
  pair.set_value(std::to_string(id));
  TRY(session.connection->call<pb::Status>("AlterCollection", request));
  return {};
}

}  // namespace elanus::store_milvus
