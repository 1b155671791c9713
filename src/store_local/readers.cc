#include "store_local/readers.h"

#include <unistd.h>

#include <filesystem>

#include "store_local/format.h"
#include "store_local/history.h"

namespace elanus::store_local {

namespace {

Result<std::unique_ptr<Connection>> open_and_look(const std::string& database, Access access) {
  auto connection = TRY(Connection::open(database, access));
  // Opening alone touches no file; this does.
  TRY(connection->execute("PRAGMA cache_size=-8192; SELECT count(*) FROM sqlite_master"));
  return connection;
}

bool log_is_empty(const std::string& database) {
  std::error_code error;
  const auto size = std::filesystem::file_size(database + "-wal", error);
  return error || size == 0;
}

}  // namespace

Result<std::unique_ptr<Connection>> open_for_reading(const std::string& database) {
  auto connection = open_and_look(database, Access::read_only);
  if (connection.ok()) return connection;
  const ErrorKind kind = connection.error().kind();
  const auto folder = std::filesystem::path(database).parent_path();
  // SQLite wants to make its log files even to read, and cannot where nobody can write.
  if ((kind == ErrorKind::io || kind == ErrorKind::permission) && ::access(folder.c_str(), W_OK) != 0 &&
      log_is_empty(database))
    return open_and_look(database, Access::immutable);
  return connection;
}

Result<Readers::Lent> Readers::borrow() {
  {
    std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      Lent reader(idle_.back().release(), GiveBack{this});
      idle_.pop_back();
      // Another process may have brought the tables to a newer format meanwhile.
      if (TRY(read_format(*reader->connection)) == reader->format &&
          TRY(read_version(*reader->connection)).epoch == reader->epoch)
        return reader;
      std::default_delete<Reader>()(reader.release());
    }
  }
  auto connection = TRY(open_for_reading(database_));
  const int64_t format = TRY(read_format(*connection));
  auto records = TRY(RecordReader::prepare(*connection, format));
  TRY(expect_model(*connection, identity_));
  const int64_t epoch = TRY(read_version(*connection)).epoch;
  return Lent(new Reader{std::move(connection), std::move(records), format, epoch}, GiveBack{this});
}

void Readers::give_back(std::unique_ptr<Reader> reader) {
  std::lock_guard lock(mutex_);
  idle_.push_back(std::move(reader));
}

}  // namespace elanus::store_local
