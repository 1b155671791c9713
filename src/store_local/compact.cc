#include "store_local/format.h"
#include "store_local/history.h"
#include "store_local/local_collection.h"
#include "store_local/maintenance.h"
#include "store_local/next_model.h"
#include "store_local/writer.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAsItWas = "stopped; the collection is as it was";

// Slots looked at between two reports.
constexpr int64_t kPiece = 4096;

// The records with slots in (?1, ?2], behind the ?3 that have new slots already. In slot order, so that
// segments of library.idx and pages of library.db are filled from the start.
constexpr const char* kNewRecords = R"(INSERT INTO image_new
  SELECT ?3 + row_number() OVER (ORDER BY slot), id, path, root, size, mtime_ns, content_hash, width, height, label,
  attributes, captured_s, camera, type, sum FROM image WHERE slot > ?1 AND slot <= ?2 ORDER BY slot)";

// Their vectors, from one table into another.
std::string new_vectors(const std::string& from, const std::string& into) {
  return "INSERT INTO " + into +
         " SELECT new.slot, old.v, old.sum FROM (SELECT ?3 + row_number() OVER (ORDER BY slot) "
         "AS slot, slot AS was FROM image WHERE slot > ?1 AND slot <= ?2) AS new JOIN " +
         from + " AS old ON old.slot = new.was ORDER BY new.slot";
}

// Clearing `writer` disowns every library.idx there is: its slots mean other rows now.
constexpr const char* kTakePlaces = R"(
DROP TABLE vec;
DROP TABLE image;
ALTER TABLE vec_new RENAME TO vec;
ALTER TABLE image_new RENAME TO image;
DELETE FROM dead;
DELETE FROM touched;
DELETE FROM content;
DELETE FROM content_new;
DELETE FROM writer;
INSERT INTO meta VALUES('epoch', '1') ON CONFLICT DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT);
)";

// Each record is written twice, here and by VACUUM: this is the first half.
Result<void> give_slots_anew(Connection& connection, const GoOn& go_on) {
  const int64_t last = TRY(read_version(connection)).slot;
  // The vectors of a model that is on its way keep their records.
  const bool has_next = TRY(read_next_model(connection)).has_value();
  TRY(connection.execute((vec_table("vec_new") + image_table("image_new")).c_str()));
  if (has_next) TRY(connection.execute(vec_table("next_new").c_str()));
  std::vector<Statement> moves;
  if (has_next) moves.push_back(TRY(connection.prepare(new_vectors("vec_next", "next_new"))));
  moves.push_back(TRY(connection.prepare(new_vectors("vec", "vec_new"))));
  moves.push_back(TRY(connection.prepare(kNewRecords)));
  int64_t given = 0;
  for (int64_t after = 0; after < last; after += kPiece) {
    if (!go_on(static_cast<uint64_t>(after), 2 * static_cast<uint64_t>(last)))
      return Error(ErrorKind::cancelled, kAsItWas);
    for (Statement& move : moves) TRY(move.bind(1, after).bind(2, after + kPiece).bind(3, given).run());
    given += sqlite3_changes(connection.handle());
  }
  moves.clear();
  if (has_next) TRY(connection.execute("DROP TABLE vec_next; ALTER TABLE next_new RENAME TO vec_next"));
  TRY(connection.execute(kTakePlaces));
  return connection.execute(kFillContent);
}

// SQLite only says that it was interrupted.
Result<void> in_words(Result<void> outcome, const char* stopped) {
  if (outcome.ok() || outcome.error().kind() != ErrorKind::cancelled) return outcome;
  return Error(ErrorKind::cancelled, stopped);
}

uint64_t disk_bytes(const Files& files) {
  uint64_t bytes = 0;
  for (const fs::path& path : {files.database, files.log, files.index}) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (!error) bytes += size;
  }
  return bytes;
}

}  // namespace

Result<void> Writer::compact(const GoOn& go_on) {
  Transaction transaction = TRY(Transaction::begin_write(*connection_));
  return compact(transaction, go_on);
}

Result<uint64_t> Writer::take_next_model(bool drop_rest) {
  Transaction transaction = TRY(Transaction::begin_write(*connection_));
  const uint64_t without = TRY(count_without_next(*connection_));
  if (without > 0 && !drop_rest) return without;
  TRY(make_next_current(*connection_));
  TRY(compact(transaction, to_the_end));
  return uint64_t{0};
}

Result<void> Writer::compact(Transaction& transaction, const GoOn& go_on) {
  const auto all = 2 * static_cast<uint64_t>(TRY(read_version(*connection_)).slot);
  TRY(give_slots_anew(*connection_, go_on));
  TRY(begin_session());
  TRY(commit(transaction));
  connection_->watch([&] { return go_on(all / 2, all); });
  const auto vacuumed = connection_->execute("VACUUM");
  connection_->watch({});
  TRY(in_words(vacuumed, "stopped; the collection is whole, and the next compact gives the room back"));
  // Readers may hold it back; the next writer's does it then.
  static_cast<void>(connection_->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  return {};
}

Result<CompactReport> compact(const fs::path& folder, const GoOn& go_on) {
  const Files files(folder);
  CompactReport report;
  report.bytes_before = disk_bytes(files);
  {
    // Opened once as everybody does: for the same refusals in the same words.
    const auto collection = TRY(LocalCollection::open(folder, OpenMode::read_write));
    const Stats stats = TRY(collection->stats());
    report.records = stats.records;
    report.dead_slots = stats.dead_slots;
  }
  {
    const auto writer = TRY(Writer::open(files));
    TRY(writer->prepare());
    const uint32_t dim = TRY(read_identity(writer->connection(), files)).schema.dim;
    writer->connection().watch([&] { return go_on(0, 2 * report.records); });
    const auto whole = check_database(writer->connection(), files, dim);
    writer->connection().watch({});
    TRY(in_words(whole, kAsItWas));
    TRY(writer->compact(go_on));
  }
  std::error_code gone;
  fs::remove(files.index, gone);
  report.bytes_after = disk_bytes(files);
  return report;
}

}  // namespace elanus::store_local
