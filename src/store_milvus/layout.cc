#include "store_milvus/layout.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "store_milvus/protocol.h"
#include "store_milvus/text.h"

namespace elanus::store_milvus {
namespace {

using store::Picture;

std::string to_json(const std::string& attributes) { return attributes.empty() ? "{}" : attributes; }

// The server may write the same JSON in other words; compact, in the order of its keys, it is one text again.
std::string from_json(const std::string& bytes) {
  const auto json = nlohmann::ordered_json::parse(bytes, nullptr, false);
  if (!json.is_object() || json.empty()) return "";
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Attributes that are written otherwise are kept as text beside the JSON.
std::string own_text(const std::string& attributes) {
  return from_json(to_json(attributes)) == attributes ? "" : attributes;
}

// A field of the collection, and the part of a Picture that it holds.
struct Text {
  const char* name;
  std::string Picture::*member;
  uint32_t max_bytes;
};
constexpr Text kTexts[] = {{"path", &Picture::path, kMaxText},
                           {"root", &Picture::root, kMaxText},
                           {kContentField, &Picture::content_hash, 256},
                           {"label", &Picture::label, kMaxText},
                           {"camera", &Picture::camera, kMaxText}};

struct Integer {
  const char* name;
  int64_t (*get)(const Picture&);
  void (*set)(Picture&, int64_t);
};
constexpr Integer kIntegers[] = {
    {"size", [](const Picture& p) { return p.size; }, [](Picture& p, int64_t v) { p.size = v; }},
    {"captured_s", [](const Picture& p) { return p.captured_s; },
     [](Picture& p, int64_t v) { p.captured_s = v; }},
    {"mtime_ns", [](const Picture& p) { return p.mtime_ns; }, [](Picture& p, int64_t v) { p.mtime_ns = v; }},
    {"width", [](const Picture& p) { return int64_t{p.width}; },
     [](Picture& p, int64_t v) { p.width = static_cast<uint32_t>(std::clamp<int64_t>(v, 0, UINT32_MAX)); }},
    {"height", [](const Picture& p) { return int64_t{p.height}; },
     [](Picture& p, int64_t v) { p.height = static_cast<uint32_t>(std::clamp<int64_t>(v, 0, UINT32_MAX)); }}};

constexpr const char* kAttributesField = "attributes";
constexpr const char* kAttributesTextField = "attributes_text";
constexpr const char* kTypeField = "type";  // store::picture_type(path), for filters

struct Field {
  std::string name;
  int32_t type;
  std::string parameter, value;  // dim or max_length
};

std::vector<Field> fields_of(uint32_t dim) {
  std::vector<Field> fields{{"id", kInt64, "", ""},
                            {kVectorField, kFloatVector, "dim", std::to_string(dim)},
                            {kNormField, kFloat, "", ""},
                            {kPathKeyField, kInt64, "", ""}};
  for (const Text& text : kTexts)
    fields.push_back({text.name, kVarChar, "max_length", std::to_string(text.max_bytes)});
  for (const Integer& integer : kIntegers) fields.push_back({integer.name, kInt64, "", ""});
  fields.push_back({kAttributesField, kJson, "", ""});
  for (const char* name : {kAttributesTextField, kTypeField})
    fields.push_back({name, kVarChar, "max_length", std::to_string(kMaxText)});
  return fields;
}

const pb::FieldSchema* find(const pb::CollectionSchema& schema, const std::string& name) {
  for (const auto& field : schema.fields())
    if (field.name() == name) return &field;
  return nullptr;
}

pb::FieldData& column(pb::UpsertRequest& request, const char* name, int32_t type) {
  pb::FieldData& field = *request.add_fields_data();
  field.set_field_name(name);
  field.set_type(type);
  return field;
}

}  // namespace

pb::CollectionSchema schema_message(const std::string& name, uint32_t dim) {
  pb::CollectionSchema schema;
  schema.set_name(name);
  for (const Field& field : fields_of(dim)) {
    pb::FieldSchema& made = *schema.add_fields();
    made.set_name(field.name);
    made.set_data_type(field.type);
    made.set_is_primary_key(field.name == "id");
    if (field.parameter.empty()) continue;
    made.add_type_params()->set_key(field.parameter);
    made.mutable_type_params(0)->set_value(field.value);
  }
  return schema;
}

std::string why_not_ours(const pb::CollectionSchema& described) {
  for (const Field& field : fields_of(0)) {
    const pb::FieldSchema* there = find(described, field.name);
    if (!there) return "it has no field '" + field.name + "'";
    if (there->data_type() != field.type) return "its field '" + field.name + "' is of another type";
    if (there->is_primary_key() != (field.name == "id")) return "its key is not the field 'id'";
    if (there->autoid()) return "it gives out its ids itself";
  }
  return described.autoid() ? "it gives out its ids itself" : "";
}

std::vector<std::string> readable_fields(const pb::CollectionSchema& described) {
  std::vector<std::string> names;
  for (const Field& field : fields_of(0)) {
    const pb::FieldSchema* there = find(described, field.name);
    const bool wanted = field.name != kVectorField && field.name != kPathKeyField && field.name != kTypeField;
    if (wanted && there && there->data_type() == field.type) names.push_back(field.name);
  }
  return names;
}

Result<void> check_fits(const Picture& picture) {
  for (const Text& text : kTexts)
    if (const size_t bytes = to_utf8(picture.*text.member).size(); bytes > text.max_bytes)
      return Error(ErrorKind::invalid_argument, std::string("the ") + text.name + " takes " +
                                                    std::to_string(bytes) + " bytes, Milvus holds at most " +
                                                    std::to_string(text.max_bytes));
  if (picture.attributes.size() > kMaxText)
    return Error(ErrorKind::invalid_argument, "the attributes take " +
                                                  std::to_string(picture.attributes.size()) +
                                                  " bytes, Milvus holds at most " + std::to_string(kMaxText));
  return {};
}

uint64_t wire_bytes(const Row& row) {
  uint64_t bytes = row.vector.size_bytes() + row.picture->attributes.size() + 128;
  for (const Text& text : kTexts) bytes += 4 * (row.picture->*text.member).size();
  return bytes;
}

void encode(std::span<const Row> rows, uint32_t dim, pb::UpsertRequest& request) {
  request.set_num_rows(static_cast<uint32_t>(rows.size()));
  auto& ids = *column(request, "id", kInt64).mutable_scalars()->mutable_long_data()->mutable_data();
  auto& norms = *column(request, kNormField, kFloat).mutable_scalars()->mutable_float_data()->mutable_data();
  auto& keys = *column(request, kPathKeyField, kInt64).mutable_scalars()->mutable_long_data()->mutable_data();
  auto& vectors = *column(request, kVectorField, kFloatVector).mutable_vectors();
  vectors.set_dim(dim);
  auto& values = *vectors.mutable_float_vector()->mutable_data();
  values.Reserve(static_cast<int>(rows.size() * dim));
  for (const Row& row : rows) {
    double sum = 0;
    for (const float value : row.vector) sum += double{value} * value;
    ids.Add(row.id);
    norms.Add(static_cast<float>(std::sqrt(sum)));
    keys.Add(key_of(row.picture->path));
    values.Add(row.vector.begin(), row.vector.end());
  }
  for (const Text& text : kTexts) {
    auto& data = *column(request, text.name, kVarChar).mutable_scalars()->mutable_string_data();
    for (const Row& row : rows) data.add_data(to_utf8(row.picture->*text.member));
  }
  for (const Integer& integer : kIntegers) {
    auto& data = *column(request, integer.name, kInt64).mutable_scalars()->mutable_long_data();
    for (const Row& row : rows) data.add_data(integer.get(*row.picture));
  }
  auto& types = *column(request, kTypeField, kVarChar).mutable_scalars()->mutable_string_data();
  for (const Row& row : rows) types.add_data(to_utf8(store::picture_type(row.picture->path)));
  auto& texts = *column(request, kAttributesTextField, kVarChar).mutable_scalars()->mutable_string_data();
  for (const Row& row : rows) texts.add_data(own_text(row.picture->attributes));
  auto& json = *column(request, kAttributesField, kJson).mutable_scalars()->mutable_json_data();
  for (const Row& row : rows) json.add_data(to_json(row.picture->attributes));
}

store::Picture Columns::picture(size_t row, const std::string& fallback) const {
  Picture picture;
  for (const Text& field : kTexts)
    if (auto value = text(field.name, row)) picture.*field.member = from_utf8(*value);
  for (const Integer& field : kIntegers)
    if (const auto value = integer(field.name, row)) field.set(picture, *value);
  if (const pb::FieldData* json = find(kAttributesField); json && json->scalars().has_json_data())
    picture.attributes = from_json(json->scalars().json_data().data(static_cast<int>(row)));
  if (auto own = text(kAttributesTextField, row); own && !own->empty()) picture.attributes = std::move(*own);
  if (picture.path.empty()) picture.path = fallback;
  return picture;
}

}  // namespace elanus::store_milvus
