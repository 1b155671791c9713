#include "store_local/format.h"
#include "store_local/history.h"
#include "store_local/local_collection.h"
#include "store_local/maintenance.h"
#include "store_local/next_model.h"
#include "store_local/writer.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;

// In slot order, so that segments of library.idx and pages of library.db are filled from the start. Clearing
// `writer` disowns every library.idx there is: its slots mean other rows now.
constexpr const char* kNewSlots = R"(
INSERT INTO vec_new SELECT new.slot, vec.v, vec.sum
  FROM (SELECT row_number() OVER (ORDER BY slot) AS slot, slot AS old FROM image) AS new
  JOIN vec ON vec.slot = new.old ORDER BY new.slot;
INSERT INTO image_new SELECT row_number() OVER (ORDER BY slot), id, path, root, size, mtime_ns, content_hash, width,
  height, label, attributes, captured_s, camera, type, sum FROM image ORDER BY slot;
DROP TABLE vec;
DROP TABLE image;
ALTER TABLE vec_new RENAME TO vec;
ALTER TABLE image_new RENAME TO image;
DELETE FROM dead;
DELETE FROM writer;
INSERT INTO meta VALUES('epoch', '1') ON CONFLICT DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT);
)";

// The vectors of a model that is on its way keep their records.
constexpr const char* kNextSlots = R"(
INSERT INTO vec_new SELECT new.slot, vec_next.v, vec_next.sum
  FROM (SELECT row_number() OVER (ORDER BY slot) AS slot, slot AS old FROM image) AS new
  JOIN vec_next ON vec_next.slot = new.old ORDER BY new.slot;
DROP TABLE vec_next;
ALTER TABLE vec_new RENAME TO vec_next;
)";

Result<void> give_slots_anew(Connection& connection) {
  if (TRY(read_next_model(connection))) {
    TRY(connection.execute(vec_table("vec_new").c_str()));
    TRY(connection.execute(kNextSlots));
  }
  TRY(connection.execute((vec_table("vec_new") + image_table("image_new")).c_str()));
  TRY(connection.execute(kNewSlots));
  return connection.execute(kImageIndexes);
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

Result<void> Writer::compact() {
  Transaction transaction = TRY(Transaction::begin_write(*connection_));
  return compact(transaction);
}

Result<uint64_t> Writer::take_next_model(bool drop_rest) {
  Transaction transaction = TRY(Transaction::begin_write(*connection_));
  const uint64_t without = TRY(count_without_next(*connection_));
  if (without > 0 && !drop_rest) return without;
  TRY(make_next_current(*connection_));
  TRY(compact(transaction));
  return uint64_t{0};
}

Result<void> Writer::compact(Transaction& transaction) {
  TRY(give_slots_anew(*connection_));
  TRY(begin_session());
  TRY(commit(transaction));
  TRY(connection_->execute("VACUUM"));
  // Readers may hold it back; the next writer's does it then.
  static_cast<void>(connection_->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  return {};
}

Result<CompactReport> compact(const fs::path& folder) {
  const Files files(folder);
  CompactReport report;
  report.bytes_before = disk_bytes(files);
  {
    // Opened once as everybody does: for the same refusals in the same words.
    const auto collection = TRY(LocalCollection::open(folder, OpenMode::read_write));
    TRY(collection->check());
    const Stats stats = TRY(collection->stats());
    report.records = stats.records;
    report.dead_slots = stats.dead_slots;
  }
  {
    const auto writer = TRY(Writer::open(files));
    TRY(writer->prepare());
    TRY(writer->compact());
  }
  std::error_code gone;
  fs::remove(files.index, gone);
  report.bytes_after = disk_bytes(files);
  return report;
}

}  // namespace elanus::store_local
