#include "store_local/format.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <random>

#include "store/metric.h"
#include "store/validate.h"
#include "store_local/history.h"
#include "store_local/meta.h"

namespace elanus::store_local {
namespace fs = std::filesystem;
namespace {

// A vector apart from its record keeps a pass over the records from dragging the vectors along. `dead` has
// one row for each slot that was given up; `writer` one for each session that wrote, so that the mapped copy
// can tell whether it belongs to this history or to one that a restored backup has undone.
constexpr const char* kTables = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE dead(seq INTEGER PRIMARY KEY, slot INTEGER NOT NULL);
CREATE TABLE writer(
  seq INTEGER PRIMARY KEY, token INTEGER NOT NULL, first_slot INTEGER NOT NULL, first_dead INTEGER NOT NULL,
  first_touched INTEGER NOT NULL DEFAULT 0);
)";

Error damaged(const std::string& file, const std::string& why) {
  return {ErrorKind::corrupt,
          file + ": " + why + "; the file is damaged: restore it from a backup, or drop it and index again"};
}

Error damaged(const Files& files, const std::string& why) { return damaged(files.database.string(), why); }

std::string random_uuid() {
  std::random_device random;
  std::string text;
  for (int i = 0; i < 32; ++i) text += "0123456789abcdef"[random() & 15];
  return text;
}

int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Result<void> sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return base::errno_error("cannot open " + folder.string(), errno);
  const int failed = ::fsync(fd) != 0 ? errno : 0;
  ::close(fd);
  if (failed != 0) return base::errno_error("cannot sync " + folder.string(), failed);
  return {};
}

Result<std::string> meta_text(Connection& connection, const Files& files, const char* name) {
  auto text = TRY(read_meta(connection, name));
  if (!text) return damaged(files, std::string("the table meta has no \"") + name + "\"");
  return std::move(*text);
}

Result<int64_t> meta_number(Connection& connection, const Files& files, const char* name) {
  const auto number = TRY(read_meta_number(connection, name));
  if (!number) return damaged(files, std::string("the table meta has no \"") + name + "\"");
  return *number;
}

}  // namespace

// `touched` has a row for each change of a record in its slot that filters see. `content` leads from the
// checksum of a content hash to slots: entries of slots that are gone or have changed since stay, and are
// passed over. New entries gather in `content_new`, which is small: where they belong is all over the large
// one, and there they are written many at a time, in order.
const char* const kTouchedTables = R"(
CREATE TABLE touched(seq INTEGER PRIMARY KEY, slot INTEGER NOT NULL, sum INTEGER NOT NULL);
CREATE TABLE content(hash INTEGER NOT NULL, slot INTEGER NOT NULL, PRIMARY KEY(hash, slot)) WITHOUT ROWID;
CREATE TABLE content_new(hash INTEGER NOT NULL, slot INTEGER NOT NULL, PRIMARY KEY(hash, slot)) WITHOUT ROWID;
)";

const char* const kFillContent =
    "INSERT INTO content SELECT elanus_checksum(content_hash) >> 32 AS hash, slot FROM image "
    "WHERE content_hash <> '' ORDER BY hash, slot";

std::string image_table(const std::string& name) {
  return "CREATE TABLE " + name + R"((
  slot INTEGER PRIMARY KEY AUTOINCREMENT, id INTEGER NOT NULL UNIQUE, path BLOB NOT NULL UNIQUE, root BLOB NOT NULL,
  size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, content_hash TEXT NOT NULL, width INTEGER NOT NULL,
  height INTEGER NOT NULL, label TEXT NOT NULL, attributes TEXT NOT NULL,
  captured_s INTEGER NOT NULL DEFAULT 0, camera TEXT NOT NULL DEFAULT '', type TEXT NOT NULL DEFAULT '',
  sum INTEGER NOT NULL DEFAULT 0);)";
}

std::string vec_table(const std::string& name) {
  return "CREATE TABLE " + name +
         "(slot INTEGER PRIMARY KEY, v BLOB NOT NULL, sum INTEGER NOT NULL DEFAULT 0);";
}

const char* const kRecordSum =
    "elanus_checksum(id, path, root, size, mtime_ns, content_hash, width, height, label, attributes, "
    "captured_s, camera, "
    "type)";
const char* const kVectorSum = "elanus_checksum(v)";

Result<void> remove_database(const fs::path& database) {
  for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
    std::error_code error;
    fs::remove(database.string() + suffix, error);
    if (error) return base::errno_error("cannot remove " + database.string() + suffix, error.value());
  }
  return {};
}

Result<void> put_in_place(const Files& files) {
  if (::rename(files.new_database.c_str(), files.database.c_str()) != 0)
    return base::errno_error("cannot rename " + files.new_database.string(), errno);
  return sync_folder(files.folder);
}

Files::Files(fs::path folder_path)
    : folder(std::move(folder_path)),
      database(folder / "library.db"),
      new_database(folder / "library.db.new"),
      log(folder / "library.db-wal"),
      shared_memory(folder / "library.db-shm"),
      index(folder / "library.idx"),
      new_index(folder / "library.idx.new"),
      lock(folder / "library.lock") {}

Result<void> make_database(const Files& files, const store::Schema& schema, Paths paths) {
  TRY(remove_database(files.new_database));
  {
    auto connection = TRY(Connection::open(files.new_database.string(), Access::create));
    TRY(connection->execute("PRAGMA page_size=16384; PRAGMA auto_vacuum=NONE; PRAGMA synchronous=FULL"));
    Transaction transaction = TRY(Transaction::begin_write(*connection));
    TRY(connection->execute(kTables));
    TRY(connection->execute((vec_table("vec") + image_table("image")).c_str()));
    TRY(connection->execute(kTouchedTables));
    TRY(connection->execute(("PRAGMA application_id=" + std::to_string(kApplicationId) +
                             ";PRAGMA user_version=" + std::to_string(kFormat))
                                .c_str()));
    TRY(write_meta(*connection, "uuid", random_uuid()));
    TRY(write_meta(*connection, "created_ns", std::to_string(now_ns())));
    TRY(write_meta(*connection, "dim", std::to_string(schema.dim)));
    TRY(write_meta(*connection, "metric", store::to_string(schema.metric)));
    TRY(write_meta(*connection, "model_name", schema.model.name));
    TRY(write_meta(*connection, "model_hash", schema.model.hash));
    if (paths == Paths::portable) TRY(write_meta(*connection, "portable", "1"));
    TRY(transaction.commit());
    // Last: it is remembered in the file, and closing leaves no log behind.
    TRY(connection->execute("PRAGMA journal_mode=WAL"));
  }
  return {};
}

Result<void> create_database(const Files& files, const store::Schema& schema, Paths paths) {
  TRY(make_database(files, schema, paths));
  return put_in_place(files);
}

// Nothing to compare with before there were checksums.
static Result<void> check_sums(Connection& connection, const Files& files) {
  if (TRY(read_format(connection)) < kSummedFormat) return {};
  Statement records =
      TRY(connection.prepare(std::string("SELECT id FROM image WHERE sum <> ") + kRecordSum + " LIMIT 1"));
  if (TRY(records.step()))
    return damaged(files, "the record " + std::to_string(records.integer(0)) + " is not what was written");
  Statement vectors =
      TRY(connection.prepare(std::string("SELECT slot FROM vec WHERE sum <> ") + kVectorSum + " LIMIT 1"));
  if (TRY(vectors.step()))
    return damaged(files,
                   "the vector of slot " + std::to_string(vectors.integer(0)) + " is not what was written");
  return {};
}

Result<void> check_touched(Connection& connection, int64_t after, int64_t last) {
  StatementUse wrong(*TRY(connection.kept(
      "SELECT seq FROM touched WHERE seq > ? AND seq <= ? AND sum <> elanus_checksum(slot) LIMIT 1")));
  wrong->bind(1, after).bind(2, last);
  if (!TRY(wrong->step())) return {};
  return damaged(connection.path(),
                 "the row " + std::to_string(wrong->integer(0)) + " of touched is not what was written");
}

static Result<void> check_contents(Connection& connection, const Files& files) {
  if (TRY(read_format(connection)) < kTouchedFormat) return {};
  Statement lost = TRY(connection.prepare(
      "SELECT id FROM image WHERE content_hash <> '' AND NOT EXISTS (SELECT 1 FROM content WHERE hash = "
      "elanus_checksum(content_hash) >> 32 AND content.slot = image.slot) AND NOT EXISTS (SELECT 1 FROM "
      "content_new WHERE hash = elanus_checksum(content_hash) >> 32 AND content_new.slot = image.slot) "
      "LIMIT 1"));
  if (TRY(lost.step()))
    return damaged(files, "the record " + std::to_string(lost.integer(0)) + " is not found by its content");
  return check_touched(connection, 0, INT64_MAX);
}

Result<void> check_database(Connection& connection, const Files& files, uint32_t dim) {
  const Transaction transaction = TRY(Transaction::begin_read(connection));
  Statement whole = TRY(connection.prepare("PRAGMA integrity_check(1)"));
  if (TRY(whole.step()) && whole.bytes(0) != "ok") return damaged(files, std::string(whole.bytes(0)));
  const Version version = TRY(read_version(connection));
  const int64_t records = TRY(connection.integer("SELECT count(*) FROM image"));
  if (records != version.slot - version.dead)
    return damaged(files, "it has " + std::to_string(records) + " records, expected " +
                              std::to_string(version.slot - version.dead));
  Statement stray = TRY(connection.prepare(
      "SELECT slot FROM image LEFT JOIN vec USING (slot) WHERE v IS NULL OR length(v) <> ? UNION ALL "
      "SELECT slot FROM vec LEFT JOIN image USING (slot) WHERE id IS NULL LIMIT 1"));
  if (TRY(stray.bind(1, 2 * int64_t{dim}).step()))
    return damaged(files, "the slot " + std::to_string(stray.integer(0)) +
                              " has no record, or no vector of " + std::to_string(dim) + " values");
  TRY(check_contents(connection, files));
  return check_sums(connection, files);
}

Result<int64_t> read_format(Connection& connection) {
  const int64_t format = TRY(connection.integer("PRAGMA user_version"));
  if (format > kFormat)
    return Error(ErrorKind::unsupported, fs::path(connection.path()).parent_path().string() +
                                             " was written by a newer elanus (format " +
                                             std::to_string(format) + ", this program reads up to " +
                                             std::to_string(kFormat) + "): use that version");
  if (format < 1)
    return damaged(connection.path(), "its format is " + std::to_string(format) + ", expected 1 or more");
  return format;
}

Result<Identity> read_identity(Connection& connection, const Files& files) {
  const int64_t application = TRY(connection.integer("PRAGMA application_id"));
  if (application != kApplicationId) {
    if (TRY(connection.integer("SELECT count(*) FROM sqlite_master")) == 0)
      return damaged(files, "the database is empty");
    return Error(ErrorKind::mismatch,
                 files.database.string() + " is a database of another program, not an elanus library");
  }
  TRY(read_format(connection));
  const auto text = [&](const char* name) { return meta_text(connection, files, name); };
  Identity identity;
  const int64_t dim = TRY(meta_number(connection, files, "dim"));
  if (dim < 1 || dim > store::kMaxDim)
    return damaged(files, "its vectors have " + std::to_string(dim) + " values");
  identity.schema.dim = static_cast<uint32_t>(dim);
  auto metric = store::parse_metric(TRY(text("metric")));
  if (!metric) return damaged(files, metric.error().message());
  identity.schema.metric = *metric;
  identity.schema.model = {TRY(text("model_name")), TRY(text("model_hash"))};
  identity.uuid = TRY(text("uuid"));
  if (identity.uuid.size() != 32)
    return damaged(files, "its uuid has " + std::to_string(identity.uuid.size()) + " digits, expected 32");
  identity.created_ns = TRY(meta_number(connection, files, "created_ns"));
  return identity;
}

Result<IndexSpec> read_index_spec(Connection& connection) {
  const auto text = TRY(read_meta(connection, "index"));
  if (!text) return IndexSpec{};
  auto spec = parse_index_spec(*text);
  if (!spec.ok()) return damaged(connection.path(), spec.error().message());
  return spec;
}

Result<void> write_index_spec(Connection& connection, const IndexSpec& spec) {
  return write_meta(connection, "index", to_string(spec));
}

Result<void> expect_model(Connection& connection, const Identity& identity) {
  const Identity now = TRY(read_identity(connection, Files(fs::path(connection.path()).parent_path())));
  if (now.schema.model == identity.schema.model && now.schema.dim == identity.schema.dim) return {};
  return Error(ErrorKind::mismatch, "the collection was embedded anew by " + now.schema.model.name +
                                        " since it was opened with the vectors of " +
                                        identity.schema.model.name +
                                        ": open it again; a server that serves it is started again");
}

bool has_our_header(const fs::path& database) {
  std::array<char, 72> header{};
  std::ifstream file(database, std::ios::binary);
  if (!file.read(header.data(), header.size())) return false;
  // The SQLite file format: the application id is the big-endian number at offset 68.
  return std::memcmp(header.data(), "SQLite format 3", 16) == 0 &&
         std::memcmp(header.data() + 68, "ELAN", 4) == 0;
}

}  // namespace elanus::store_local
