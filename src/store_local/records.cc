#include "store_local/records.h"

#include "base/f16.h"
#include "store_local/format.h"
#include "store_local/history.h"
#include "store_local/rows.h"

namespace elanus::store_local {
namespace {

// In the order of record_at and bind_record.
std::string columns_of(const Columns& columns) {
  return "id, " + columns.path + ", " + columns.root +
         ", size, mtime_ns, content_hash, width, height, label, attributes, " + columns.captured_s + ", " +
         columns.camera + ", " + columns.sound;
}

enum Reading { kById, kBySlot, kByPath, kByContent, kIdOfPath, kSlotOfId, kVector, kFrom };
enum Writing {
  kInsert,
  kInsertVector,
  kDelete,
  kDeleteVector,
  kDead,
  kPut,
  kSession,
  kTouch,
  kContent,
  kMoveContents,
  kNoNewContents
};

// `content_new` moves into `content` when it has so many rows, or this share of the slots: what is moved then
// lies dense enough there that a page is written for many of them.
constexpr int64_t kManyContents = 32768, kShareOfContents = 64;

Result<store::Record> record_at(const Connection& connection, const Statement& row) {
  if (row.integer(12) == 0)
    return Error(ErrorKind::corrupt,
                 connection.path() + ": the record with the id " + std::to_string(row.integer(0)) +
                     " is damaged; elanus doctor --repair names its picture and mends what it can");
  store::Record record;
  record.id = row.integer(0);
  record.picture = {std::string(row.bytes(1)),
                    std::string(row.bytes(2)),
                    row.integer(3),
                    row.integer(4),
                    std::string(row.bytes(5)),
                    static_cast<uint32_t>(row.integer(6)),
                    static_cast<uint32_t>(row.integer(7)),
                    std::string(row.bytes(8)),
                    std::string(row.bytes(9)),
                    row.integer(10),
                    std::string(row.bytes(11))};
  return record;
}

void bind_record(Statement& statement, int64_t id, const store::Picture& picture, const std::string& type) {
  statement.bind(1, id)
      .bind_blob(2, picture.path)
      .bind_blob(3, picture.root)
      .bind(4, picture.size)
      .bind(5, picture.mtime_ns)
      .bind_text(6, picture.content_hash)
      .bind(7, picture.width)
      .bind(8, picture.height)
      .bind_text(9, picture.label)
      .bind_text(10, picture.attributes)
      .bind(11, picture.captured_s)
      .bind_text(12, picture.camera)
      .bind_text(13, type);
}

Result<std::optional<store::Record>> one(const Connection& connection, Statement& statement) {
  if (!TRY(statement.step())) return std::optional<store::Record>();
  return std::optional(TRY(record_at(connection, statement)));
}

Result<std::optional<int64_t>> one_number(Statement& statement) {
  if (!TRY(statement.step())) return std::optional<int64_t>();
  return std::optional(statement.integer(0));
}

Result<std::vector<Statement>> prepare_all(Connection& connection, std::initializer_list<std::string> all) {
  std::vector<Statement> statements;
  for (const std::string& sql : all) statements.push_back(TRY(connection.prepare(sql)));
  return statements;
}

}  // namespace

Result<RecordReader> RecordReader::prepare(Connection& connection, int64_t format) {
  RecordReader reader(TRY(Columns::prepare(connection, format)));
  const std::string select = "SELECT " + columns_of(reader.columns_) + " FROM image ";
  const std::string path = reader.columns_.stored("?");
  const std::string by_checksum =
      format < kTouchedFormat
          ? ""
          : " AND slot IN (SELECT slot FROM content WHERE hash = elanus_checksum(?1) >> 32 UNION ALL "
            "SELECT slot FROM content_new WHERE hash = elanus_checksum(?1) >> 32)";
  reader.connection_ = &connection;
  reader.statements_ = TRY(prepare_all(
      connection,
      {select + "WHERE id = ?", select + "WHERE slot = ?", select + "WHERE path = " + path,
       select + "WHERE content_hash = ?1 AND content_hash <> ''" + by_checksum + " ORDER BY id",
       "SELECT id FROM image WHERE path = " + path, "SELECT slot FROM image WHERE id = ?",
       "SELECT v, " + reader.columns_.vector_sum + " FROM image JOIN vec USING (slot) WHERE id = ?",
       select + "WHERE id >= ? ORDER BY id"}));
  return reader;
}

Result<std::optional<store::Record>> RecordReader::by_id(int64_t id) {
  StatementUse use(statements_[kById]);
  return one(*connection_, use->bind(1, id));
}

Result<std::optional<store::Record>> RecordReader::by_slot(int64_t slot) {
  StatementUse use(statements_[kBySlot]);
  return one(*connection_, use->bind(1, slot));
}

Result<std::optional<store::Record>> RecordReader::by_path(std::string_view path) {
  StatementUse use(statements_[kByPath]);
  return one(*connection_, use->bind_blob(1, path));
}

Result<std::vector<store::Record>> RecordReader::by_content(std::string_view hash) {
  StatementUse use(statements_[kByContent]);
  use->bind_text(1, hash);
  std::vector<store::Record> records;
  while (TRY(use->step())) records.push_back(TRY(record_at(*connection_, *use)));
  return records;
}

Result<std::optional<int64_t>> RecordReader::id_of_path(std::string_view path) {
  StatementUse use(statements_[kIdOfPath]);
  return one_number(use->bind_blob(1, path));
}

Result<std::optional<int64_t>> RecordReader::slot_of_id(int64_t id) {
  StatementUse use(statements_[kSlotOfId]);
  return one_number(use->bind(1, id));
}

Result<std::optional<std::vector<float>>> RecordReader::vector(int64_t id, uint32_t dim) {
  StatementUse use(statements_[kVector]);
  use->bind(1, id);
  if (!TRY(use->step())) return std::optional<std::vector<float>>();
  std::vector<uint16_t> row(dim);
  if (!decode_row(use->bytes(0), row))
    return Error(ErrorKind::corrupt, connection_->path() + ": the vector of the record " +
                                         std::to_string(id) + " has " + std::to_string(use->bytes(0).size()) +
                                         " bytes, expected " + std::to_string(2 * row.size()));
  if (!use->is_null(1) && use->integer(1) != row_sum(use->bytes(0)))
    return Error(ErrorKind::corrupt, connection_->path() + ": the vector of the record " +
                                         std::to_string(id) +
                                         " is damaged; elanus doctor --repair mends what it can");
  std::vector<float> values;
  values.reserve(dim);
  for (const uint16_t half : row) values.push_back(base::f16_to_f32(half));
  return std::optional(std::move(values));
}

Result<void> RecordReader::for_each_from(int64_t least,
                                         const std::function<bool(const store::Record&)>& visit) {
  StatementUse use(statements_[kFrom]);
  use->bind(1, least);
  while (TRY(use->step()))
    if (!visit(TRY(record_at(*connection_, *use)))) break;
  return {};
}

Result<RecordWriter> RecordWriter::prepare(Connection& connection) {
  const Columns columns = TRY(Columns::prepare(connection, kFormat));
  // In the order of bind_record.
  const std::string names =
      "id, path, root, size, mtime_ns, content_hash, width, height, label, attributes, captured_s, camera, "
      "type";
  const std::string values = "?1, " + columns.stored("?2") + ", " + columns.stored("?3") +
                             ", ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13";
  const std::string sum = "elanus_checksum(" + values + ")";
  RecordWriter writer;
  writer.connection_ = &connection;
  writer.statements_ = TRY(prepare_all(
      connection, {"INSERT INTO image(" + names + ", sum) VALUES(" + values + ", " + sum + ")",
                   "INSERT INTO vec(slot, v, sum) VALUES(?, ?, ?)", "DELETE FROM image WHERE slot = ?",
                   "DELETE FROM vec WHERE slot = ?", "INSERT INTO dead(slot) VALUES(?)",
                   "INSERT INTO image(" + names + ", slot, sum) VALUES(" + values + ", ?14, " + sum + ")",
                   "INSERT INTO writer(token, first_slot, first_dead, first_touched) VALUES(?1,"
                   " 1 + coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'image'), 0),"
                   " 1 + coalesce((SELECT max(seq) FROM dead), 0),"
                   " 1 + coalesce((SELECT max(seq) FROM touched), 0))",
                   "INSERT INTO touched(slot, sum) VALUES(?1, elanus_checksum(?1))",
                   "INSERT OR IGNORE INTO content_new VALUES(?, ?)",
                   "INSERT OR IGNORE INTO content SELECT hash, slot FROM content_new ORDER BY hash, slot",
                   "DELETE FROM content_new"}));
  writer.new_contents_ = TRY(connection.integer("SELECT count(*) FROM content_new"));
  return writer;
}

Result<int64_t> RecordWriter::insert(int64_t id, const store::Picture& picture, std::string_view vector) {
  const std::string type = store::picture_type(picture.path);
  bind_record(statements_[kInsert], id, picture, type);
  TRY(statements_[kInsert].run());
  const int64_t slot = connection_->last_insert_rowid();
  TRY(statements_[kInsertVector].bind(1, slot).bind_blob(2, vector).bind(3, row_sum(vector)).run());
  TRY(note_content(picture.content_hash, slot));
  return slot;
}

Result<void> RecordWriter::note_content(const std::string& hash, int64_t slot) {
  if (hash.empty()) return {};
  ++new_contents_;
  return statements_[kContent].bind(1, row_sum(hash) >> 32).bind(2, slot).run();
}

Result<void> RecordWriter::settle() {
  if (new_contents_ < kManyContents ||
      new_contents_ < TRY(read_version(*connection_)).slot / kShareOfContents)
    return {};
  TRY(statements_[kMoveContents].run());
  TRY(statements_[kNoNewContents].run());
  new_contents_ = 0;
  return {};
}

Result<void> RecordWriter::kill(int64_t slot) {
  TRY(take(slot));
  TRY(statements_[kDeleteVector].bind(1, slot).run());
  return statements_[kDead].bind(1, slot).run();
}

Result<void> RecordWriter::take(int64_t slot) { return statements_[kDelete].bind(1, slot).run(); }

Result<void> RecordWriter::put(int64_t slot, const store::Record& record) {
  const std::string type = store::picture_type(record.picture.path);
  bind_record(statements_[kPut], record.id, record.picture, type);
  TRY(statements_[kPut].bind(14, slot).run());
  return note_content(record.picture.content_hash, slot);
}

Result<void> RecordWriter::touch(int64_t slot) { return statements_[kTouch].bind(1, slot).run(); }

Result<void> RecordWriter::begin_session(int64_t token) { return statements_[kSession].bind(1, token).run(); }

}  // namespace elanus::store_local
