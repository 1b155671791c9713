// Keeps the vectors of library.db at hand: the mapped library.idx, and in memory what it does not have yet.
#pragma once
#include <sys/stat.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "store_local/format.h"
#include "store_local/index_file.h"
#include "store_local/sqlite.h"
#include "store_local/view.h"

namespace elanus::store_local {

// Thread-safe, each thread with its own connection.
class Mirror {
 public:
  // `writer`: this process holds the writer's lock.
  Mirror(const Files& files, const Identity& identity, bool writer)
      : files_(files), identity_(identity), writer_(writer) {}

  // A read transaction, and the vectors exactly as it sees them.
  struct Snapshot {
    Transaction transaction;
    std::shared_ptr<const View> view;
  };
  Result<Snapshot> begin(Connection& connection);

  // A row of library.idx is damaged: the next view is made from rows that were all checked.
  void distrust(const View& view);

  // The next search looks at the file and at what the collection wants anew.
  void forget();

  // Gathers what is in library.idx into lists, where the collection wants them and they are missing or the
  // collection has outgrown them. Returns whether it did. Takes seconds for a million rows. `go_on(done,
  // all)` is called now and then, from this thread; false ends with `cancelled`. For the holder of the
  // writer's lock.
  Result<bool> settle(Connection& connection, const std::function<bool(uint64_t, uint64_t)>& go_on);

  // After a commit that gave out slots up to `last_slot`: adds full segments to library.idx, when these are
  // enough to be worth it or `all` that there are. A failure is no error: the file is only a copy.
  enum class Extent { worthwhile, all };
  // How many slots that would be; 0 when they are not enough, or cannot be added. Waits for nobody.
  int64_t missing(int64_t last_slot, Extent extent) const;
  void extend(Connection& connection, int64_t last_slot, Extent extent);

 private:
  Result<void> refresh(Connection& connection, const Version& version);
  Result<View> load(Connection& connection, const Version& version);
  Result<View> advance(Connection& connection, const Version& version);
  Result<void> read_changes(Connection& connection, int64_t after, const Version& version, View& view);
  Result<void> read_tail(Connection& connection, int64_t after, int64_t last, std::vector<Part>& parts);
  void show_tail(std::vector<Part>& parts);
  bool file_changed() const;
  std::optional<MappedIndex> map(Connection& connection, const History& history);

  const Files& files_;
  const Identity& identity_;
  const bool writer_;

  std::mutex view_mutex_;  // taken before file_mutex_
  std::shared_ptr<const View> view_;
  int64_t covered_ = 0;          // the slots up to here are in mapped parts
  struct stat seen_file_ {};     // library.idx as `load` found it
  std::shared_ptr<Chunk> tail_;  // the last of the parts in memory
  bool tail_shown_ = false;      // it is the last part of the view under construction

  std::mutex file_mutex_;
  std::optional<MappedIndex> mapped_;
  std::atomic<bool> cannot_extend_ = false;
  std::atomic<int64_t> extended_to_ = 0;  // what mapped_ covers
  bool distrusted_ = false;               // every row is checked before it is used
};

}  // namespace elanus::store_local
