// Reading the columns of an answer: what a server sends is checked before it is used.
#include "store_milvus/layout.h"

namespace elanus::store_milvus {
namespace {

size_t values_of(const pb::FieldData& field) {
  const pb::ScalarField& scalars = field.scalars();
  switch (scalars.data_case()) {
    case pb::ScalarField::kIntData:
      return static_cast<size_t>(scalars.int_data().data_size());
    case pb::ScalarField::kLongData:
      return static_cast<size_t>(scalars.long_data().data_size());
    case pb::ScalarField::kFloatData:
      return static_cast<size_t>(scalars.float_data().data_size());
    case pb::ScalarField::kStringData:
      return static_cast<size_t>(scalars.string_data().data_size());
    case pb::ScalarField::kJsonData:
      return static_cast<size_t>(scalars.json_data().data_size());
    case pb::ScalarField::DATA_NOT_SET:
      break;
  }
  const int64_t dim = field.vectors().dim();
  return dim < 1 ? 0 : static_cast<size_t>(field.vectors().float_vector().data_size() / dim);
}

}  // namespace

size_t row_count(const google::protobuf::RepeatedPtrField<pb::FieldData>& fields) {
  size_t rows = 0;
  for (const auto& field : fields) rows = std::max(rows, values_of(field));
  return rows;
}

Result<Columns> Columns::read(const google::protobuf::RepeatedPtrField<pb::FieldData>& fields, size_t rows) {
  for (const auto& field : fields) {
    const size_t values = values_of(field);
    const bool known =
        field.scalars().data_case() != pb::ScalarField::DATA_NOT_SET || field.vectors().has_float_vector();
    if (known && values != rows)
      return Error(ErrorKind::corrupt, "the server's answer has " + std::to_string(values) + " values of '" +
                                           field.field_name() + "' for " + std::to_string(rows) + " rows");
  }
  Columns columns;
  columns.fields_ = &fields;
  return columns;
}

const pb::FieldData* Columns::find(std::string_view name) const {
  for (const auto& field : *fields_)
    if (field.field_name() == name) return &field;
  return nullptr;
}

std::optional<int64_t> Columns::integer(std::string_view name, size_t row) const {
  const pb::FieldData* field = find(name);
  const int at = static_cast<int>(row);
  if (field && field->scalars().has_long_data()) return field->scalars().long_data().data(at);
  if (field && field->scalars().has_int_data()) return field->scalars().int_data().data(at);
  return std::nullopt;
}

std::optional<float> Columns::real(std::string_view name, size_t row) const {
  const pb::FieldData* field = find(name);
  if (!field || !field->scalars().has_float_data()) return std::nullopt;
  return field->scalars().float_data().data(static_cast<int>(row));
}

std::optional<std::string> Columns::text(std::string_view name, size_t row) const {
  const pb::FieldData* field = find(name);
  if (!field || !field->scalars().has_string_data()) return std::nullopt;
  return field->scalars().string_data().data(static_cast<int>(row));
}

std::span<const float> Columns::vector(std::string_view name, size_t row, uint32_t dim) const {
  const pb::FieldData* field = find(name);
  if (!field || !field->has_vectors() || field->vectors().dim() != dim) return {};
  const auto& values = field->vectors().float_vector().data();
  return std::span(values.data(), static_cast<size_t>(values.size())).subspan(row * dim, dim);
}

}  // namespace elanus::store_milvus
