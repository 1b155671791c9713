// How a Picture lies in a Milvus collection: one field per attribute, and how each is written and read.
//
//   id INT64 (key) · vector FLOAT_VECTOR · norm FLOAT · path_key INT64 · path, root, content_hash, label
//   VARCHAR · size, mtime_ns, width, height INT64 · attributes JSON,
//   attributes_text VARCHAR
//
// `norm` is the length of the stored vector (1 within 5e-4, because it is rounded to half floats), so that
// scores of every metric become the exact cosine. `path_key` is key_of(path), which is indexed and compared
// faster than the path itself. docs/formats/milvus.md.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/collection.h"
#include "store_milvus/milvus.pb.h"

namespace elanus::store_milvus {

namespace pb = ::milvus::proto::milvus;

constexpr const char* kNormField = "norm";
constexpr const char* kPathKeyField = "path_key";
constexpr const char* kContentField = "content_hash";
constexpr const char* kVectorField = "vector";

// A collection as DescribeCollection and DescribeIndex tell it.
struct Layout {
  store::Schema schema;
  bool ours = false;  // has every field above, so that it can be written
  std::string key_field, vector_field;
  bool text_key = false;  // VARCHAR: written by others
  std::vector<std::string>
      fields;  // what is asked for with a record: of the fields above those that there are
  bool has_norm = false;
  std::string index;  // "IVF_FLAT {"nlist":512}"
};

// One row to be written.
struct Row {
  int64_t id = 0;
  std::span<const float> vector;  // as it is stored
  const store::Picture* picture = nullptr;
};

// The schema of a new collection.
pb::CollectionSchema schema_message(const std::string& name, uint32_t dim);

// What is wrong with a described schema for being one of ours: "" when nothing is.
std::string why_not_ours(const pb::CollectionSchema& described);

// The fields of `described` that a Picture can be read from.
std::vector<std::string> readable_fields(const pb::CollectionSchema& described);

// invalid_argument: a text is longer than the server's strings.
Result<void> check_fits(const store::Picture& picture);

// About how many bytes a row takes on the wire.
uint64_t wire_bytes(const Row& row);

void encode(std::span<const Row> rows, uint32_t dim, pb::UpsertRequest& request);

// Columns of an answer, found by name and checked to have `rows` values. corrupt when they do not.
class Columns {
 public:
  static Result<Columns> read(const google::protobuf::RepeatedPtrField<pb::FieldData>& fields, size_t rows);

  // The Picture of one row; what is not there keeps its default, and a path that is not there is `fallback`.
  store::Picture picture(size_t row, const std::string& fallback) const;
  // A number of one row; nothing when the column is not there.
  std::optional<int64_t> integer(std::string_view field, size_t row) const;
  std::optional<float> real(std::string_view field, size_t row) const;
  std::optional<std::string> text(std::string_view field, size_t row) const;
  // Empty when the column is not there or has another dimension.
  std::span<const float> vector(std::string_view field, size_t row, uint32_t dim) const;

 private:
  const pb::FieldData* find(std::string_view field) const;
  const google::protobuf::RepeatedPtrField<pb::FieldData>* fields_ = nullptr;
};

// The rows of an answer: of its longest scalar or vector column.
size_t row_count(const google::protobuf::RepeatedPtrField<pb::FieldData>& fields);

}  // namespace elanus::store_milvus
