// Keeps the vectors of library.db at hand: the mapped library.idx, and in memory what it does not have yet.
#pragma once
#include <sys/stat.h>

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

  // After a commit that gave out slots up to `last_slot`: adds to library.idx when a segment is full. A
  // failure is no error: the file is only a copy.
  void extend(Connection& connection, int64_t last_slot);

 private:
  Result<void> refresh(Connection& connection, const Version& version);
  Result<View> load(Connection& connection, const Version& version);
  Result<View> advance(Connection& connection, const Version& version);
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
  bool cannot_extend_ = false;
  bool distrusted_ = false;  // every row is checked before it is used
};

}  // namespace elanus::store_local
