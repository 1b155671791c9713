#include "store_local/writer.h"

#include <algorithm>
#include <random>

#include "store/validate.h"
#include "store_local/attributes.h"
#include "store_local/highest_id.h"
#include "store_local/migrate.h"
#include "store_local/rows.h"

namespace elanus::store_local {

Error no_record(int64_t id) {
  return {ErrorKind::not_found, "there is no record with the id " + std::to_string(id)};
}

// SQLite calls it after each commit. Upkeep empties the log long before it is so long, unless something goes
// on without a pause; then the log begins anew here. So it does after many small commits: they write the same
// few pages again and again, and a log that is written over is synced in half the time of a file that grows.
static int committed(void* writers_log, sqlite3* handle, const char* schema, int pages) {
  constexpr int kLongLog = 16384;  // 256 MiB
  constexpr int kSmallCommit = 16, kManySmallCommits = 64;
  auto& log = *static_cast<Writer::Log*>(writers_log);
  log.small_commits = pages - log.pages <= kSmallCommit ? log.small_commits + 1 : 0;
  log.pages = pages;
  if (pages < kLongLog && log.small_commits < kManySmallCommits) return SQLITE_OK;
  log.small_commits = 0;
  sqlite3_wal_checkpoint_v2(handle, schema, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  return SQLITE_OK;
}

Result<std::unique_ptr<Writer>> Writer::open(const Files& files) {
  WriterLock lock = TRY(WriterLock::acquire(files.lock, files.folder.string()));
  auto connection = TRY(Connection::open(files.database.string(), Access::read_write));
  return std::unique_ptr<Writer>(new Writer(std::move(lock), std::move(connection)));
}

Result<void> Writer::prepare() {
  // A database that came from a backup may have lost its WAL mode, without which readers and the writer wait
  // for each other. The limit empties the log when the last connection closes.
  TRY(connection_->execute("PRAGMA journal_mode=WAL"));
  TRY(connection_->execute(
      "PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA journal_size_limit=268435456"));
  sqlite3_wal_hook(connection_->handle(), committed, &log_);
  connection_->keep_log_files();
  TRY(migrate(*connection_));
  reader_ = TRY(RecordReader::prepare(*connection_, kFormat));
  writer_ = TRY(RecordWriter::prepare(*connection_));
  return {};
}

Result<Transaction> Writer::begin() {
  Transaction transaction = TRY(Transaction::begin_write(*connection_));
  if (!session_begun_) TRY(begin_session());
  return transaction;
}

Result<void> Writer::begin_session() {
  std::random_device random;
  // Never 0, which stands for "nobody has written yet".
  const auto token = static_cast<int64_t>(uint64_t{random()} << 32 | random() | 1);
  return writer_->begin_session(token);
}

Result<void> Writer::commit(Transaction& transaction) {
  TRY(transaction.commit());
  session_begun_ = true;
  return {};
}

Result<void> Writer::set_index(const IndexSpec& spec) {
  Transaction transaction = TRY(Transaction::begin_write(*connection_));
  TRY(write_index_spec(*connection_, spec));
  return transaction.commit();
}

Result<Writer::Upserted> Writer::upsert(std::span<const store::Item> items, uint32_t dim) {
  Transaction transaction = TRY(begin());
  const store::Directory directory{[&](std::string_view path) { return reader_->id_of_path(path); },
                                   [&] { return highest_id(*connection_); }};
  const auto resolved = TRY(store::resolve_ids(items, directory));
  for (const store::ResolvedId& id : resolved) {
    if (id.fresh) continue;
    if (const auto slot = TRY(reader_->slot_of_id(id.id))) TRY(writer_->kill(*slot));
  }
  Upserted done;
  std::vector<uint16_t> row(dim);
  for (size_t i = 0; i < items.size(); ++i) {
    store::normalized_f16(items[i].vector, row);
    done.last_slot = TRY(writer_->insert(resolved[i].id, items[i].picture, encode_row(row)));
    done.ids.push_back(resolved[i].id);
  }
  TRY(writer_->settle());
  TRY(commit(transaction));
  return done;
}

Result<void> Writer::update(std::span<const store::Record> records) {
  Transaction transaction = TRY(begin());
  std::vector<int64_t> slots, touched;
  for (const store::Record& record : records) {
    const auto slot = TRY(reader_->slot_of_id(record.id));
    if (!slot) return no_record(record.id);
    slots.push_back(*slot);
    // A damaged one may be replaced, too.
    const auto before = reader_->by_slot(*slot);
    if (!before.ok() || !*before || !filters_see_the_same((*before)->picture, record.picture))
      touched.push_back(*slot);
  }
  // All out before the first goes back in: paths may change hands.
  for (const int64_t slot : slots) TRY(writer_->take(slot));
  for (size_t i = 0; i < records.size(); ++i) {
    if (const auto owner = TRY(reader_->id_of_path(records[i].picture.path)))
      return Error(ErrorKind::invalid_argument, "the record " + std::to_string(records[i].id) +
                                                    " cannot take the path " + records[i].picture.path +
                                                    ": it belongs to the record " + std::to_string(*owner));
    TRY(writer_->put(slots[i], records[i]));
  }
  for (const int64_t slot : touched) TRY(writer_->touch(slot));
  return commit(transaction);
}

Result<uint64_t> Writer::erase(std::span<const int64_t> ids) {
  Transaction transaction = TRY(begin());
  TRY(remember_highest_id(*connection_));
  uint64_t erased = 0;
  for (const int64_t id : ids) {
    const auto slot = TRY(reader_->slot_of_id(id));
    if (!slot) continue;
    TRY(writer_->kill(*slot));
    ++erased;
  }
  if (erased > 0) TRY(commit(transaction));
  return erased;
}

}  // namespace elanus::store_local
