// Records in and out of library.db: one set of prepared statements for each connection.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "store/collection.h"
#include "store/validate.h"
#include "store_local/columns.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

class RecordReader {
 public:
  // `format`: of the database.
  static Result<RecordReader> prepare(Connection& connection, int64_t format);

  const Columns& columns() const { return columns_; }
  Result<std::optional<store::Record>> by_id(int64_t id);
  Result<std::optional<store::Record>> by_slot(int64_t slot);
  Result<std::optional<store::Record>> by_path(std::string_view path);
  Result<std::vector<store::Record>> by_content(std::string_view hash);
  Result<std::optional<int64_t>> id_of_path(std::string_view path);
  Result<std::optional<int64_t>> slot_of_id(int64_t id);
  // The `dim` stored values.
  Result<std::optional<std::vector<float>>> vector(int64_t id, uint32_t dim);
  Result<void> for_each_from(int64_t least, const std::function<bool(const store::Record&)>& visit);

 private:
  explicit RecordReader(Columns columns) : columns_(std::move(columns)) {}
  Columns columns_;
  Connection* connection_ = nullptr;
  std::vector<Statement> statements_;  // in the order of the enums in records.cc
};

// Every method belongs inside a write transaction.
class RecordWriter {
 public:
  static Result<RecordWriter> prepare(Connection& connection);

  // A new slot with this record and the vector that encode_row gave. Returns the slot.
  Result<int64_t> insert(int64_t id, const store::Picture& picture, std::string_view vector);
  // Gives the slot up, with its vector.
  Result<void> kill(int64_t slot);
  // Takes the record out of its slot and leaves the vector, for put to fill again.
  Result<void> take(int64_t slot);
  Result<void> put(int64_t slot, const store::Record& record);
  // After `put`, where filters see the difference.
  Result<void> touch(int64_t slot);
  // Before the end of each transaction that inserted.
  Result<void> settle();
  // Leaves the session's token; see History.
  Result<void> begin_session(int64_t token);

 private:
  RecordWriter() = default;
  Result<void> note_content(const std::string& hash, int64_t slot);
  Connection* connection_ = nullptr;
  std::vector<Statement> statements_;
  int64_t new_contents_ = 0;  // rows of content_new, or a few more when transactions failed
};

}  // namespace elanus::store_local
