#include "store_local/readers.h"

namespace elanus::store_local {

Result<std::unique_ptr<Connection>> open_for_reading(const std::string& database) {
  auto connection = TRY(Connection::open(database, Access::read_only));
  TRY(connection->execute("PRAGMA cache_size=-8192"));
  return connection;
}

Result<Readers::Lent> Readers::borrow() {
  {
    std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      Lent reader(idle_.back().release(), GiveBack{this});
      idle_.pop_back();
      return reader;
    }
  }
  auto connection = TRY(open_for_reading(database_));
  auto records = TRY(RecordReader::prepare(*connection));
  return Lent(new Reader{std::move(connection), std::move(records)}, GiveBack{this});
}

void Readers::give_back(std::unique_ptr<Reader> reader) {
  std::lock_guard lock(mutex_);
  idle_.push_back(std::move(reader));
}

}  // namespace elanus::store_local
