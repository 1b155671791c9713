#include <fcntl.h>
#include <unistd.h>

#include <memory>

#include "store_local/format.h"
#include "store_local/lock.h"
#include "store_local/maintenance.h"
#include "store_local/readers.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;

constexpr int kPagesAtOnce = 256;  // 4 MiB

struct Finish {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

// The source's read transaction holds its state: no commit makes the copy begin anew.
Result<void> copy_pages(Connection& from, Connection& to,
                        const std::function<bool(uint64_t, uint64_t)>& go_on) {
  const Transaction transaction = TRY(Transaction::begin_read(from));
  TRY(from.integer("SELECT count(*) FROM meta"));
  const std::unique_ptr<sqlite3_backup, Finish> backup(
      sqlite3_backup_init(to.handle(), "main", from.handle(), "main"));
  if (!backup) return to.error(sqlite3_errcode(to.handle()));
  while (true) {
    const int code = sqlite3_backup_step(backup.get(), kPagesAtOnce);
    if (code == SQLITE_DONE) return {};
    if (code != SQLITE_OK) return to.error(code);
    const auto all = static_cast<uint64_t>(sqlite3_backup_pagecount(backup.get()));
    const auto left = static_cast<uint64_t>(sqlite3_backup_remaining(backup.get()));
    if (!go_on(all - left, all))
      return Error(ErrorKind::cancelled, "the backup was stopped; there is no copy");
  }
}

// Checked through the disk, before it gets its name.
Result<BackupReport> check_copy(const Files& copy) {
  Files unnamed = copy;
  unnamed.database = copy.new_database;
  auto connection = TRY(Connection::open(unnamed.database.string(), Access::read_write));
  const Identity identity = TRY(read_identity(*connection, unnamed));
  TRY(check_database(*connection, unnamed, identity.schema.dim));
  BackupReport report;
  report.records = static_cast<uint64_t>(TRY(connection->integer("SELECT count(*) FROM image")));
  return report;
}

}  // namespace

Result<BackupReport> backup(const fs::path& folder, const fs::path& to,
                            const std::function<bool(uint64_t, uint64_t)>& go_on) {
  const Files from(folder), copy(to);
  std::error_code error;
  if (!fs::exists(from.database, error))
    return Error(ErrorKind::not_found, "there is no collection in " + folder.string());
  const auto source = TRY(open_for_reading(from.database.string()));
  TRY(read_identity(*source, from));
  fs::create_directories(to, error);
  if (error) return base::errno_error("cannot make the folder " + to.string(), error.value());
  const WriterLock lock = TRY(WriterLock::acquire(copy.lock, to.string()));
  if (fs::exists(copy.database, error))
    return Error(ErrorKind::already_exists, "there is a collection in " + to.string() + " already");
  TRY(remove_database(copy.new_database));
  const auto copied = [&]() -> Result<BackupReport> {
    {
      const auto target = TRY(Connection::open(copy.new_database.string(), Access::create));
      TRY(target->execute("PRAGMA synchronous=FULL"));
      TRY(copy_pages(*source, *target, go_on));
    }
    BackupReport report = TRY(check_copy(copy));
    report.bytes = fs::file_size(copy.new_database, error);
    // What another collection of this name left would be taken for the log of this one.
    TRY(remove_database(copy.database));
    TRY(put_in_place(copy));
    return report;
  }();
  if (!copied.ok()) static_cast<void>(remove_database(copy.new_database));
  return copied;
}

}  // namespace elanus::store_local
