// What a writer does in the background, so that no batch waits for it: the log goes into library.db, and new
// rows into library.idx. Neither is needed for what was acknowledged to last, and a failure of either costs
// only time.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "store_local/format.h"
#include "store_local/mirror.h"
#include "store_local/upkeep_limits.h"

namespace elanus::store_local {

// For one thread at a time.
class Upkeep {
 public:
  Upkeep(const Files& files, Mirror& mirror, const UpkeepLimits& limits)
      : files_(files), mirror_(mirror), limits_(limits) {}
  ~Upkeep() { finish(); }
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

  // After a commit on `connection` that gave out slots up to `last_slot` and left so many pages in the log.
  void committed(Connection& connection, int64_t last_slot, int64_t log_pages);
  // Waits for what is being done; nothing is done until the next commit.
  void finish();

 private:
  void work();

  const Files& files_;
  Mirror& mirror_;
  const UpkeepLimits limits_;
  int64_t emptied_at_ = 0;  // pages in the log when it was last seen to
  std::mutex mutex_;
  std::condition_variable wake_;
  bool wanted_ = false, log_wanted_ = false, stop_ = false;
  int64_t last_slot_ = 0;
  std::thread thread_;
};

}  // namespace elanus::store_local
