#include "store_local/upkeep.h"

#include <utility>

namespace elanus::store_local {

void Upkeep::committed(Connection& connection, int64_t last_slot, int64_t log_pages) {
  if (log_pages < emptied_at_) emptied_at_ = 0;  // it began anew
  const bool empty_log = log_pages - emptied_at_ >= limits_.pages;
  const bool rows_missing = mirror_.missing(last_slot, Mirror::Extent::worthwhile) > 0;
  if (last_slot < limits_.slots) mirror_.extend(connection, last_slot, Mirror::Extent::worthwhile);
  if (!empty_log && (!rows_missing || last_slot < limits_.slots)) return;
  if (empty_log) emptied_at_ = log_pages;
  {
    std::lock_guard lock(mutex_);
    wanted_ = true;
    log_wanted_ = log_wanted_ || empty_log;
    last_slot_ = last_slot;
  }
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  wake_.notify_one();
}

void Upkeep::finish() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
  stop_ = wanted_ = log_wanted_ = false;
}

void Upkeep::work() {
  const auto connection = Connection::open(files_.database.string(), Access::read_write);
  if (!connection.ok()) return;
  while (true) {
    int64_t last_slot = 0;
    bool empty_log = false;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return wanted_ || stop_; });
      if (stop_) return;
      wanted_ = false;
      last_slot = last_slot_;
      empty_log = std::exchange(log_wanted_, false);
    }
    mirror_.extend(**connection, last_slot, Mirror::Extent::worthwhile);
    if (empty_log) static_cast<void>((*connection)->execute("PRAGMA wal_checkpoint(PASSIVE)"));
  }
}

}  // namespace elanus::store_local
