// The one that writes library.db: the lock, a connection, and one transaction for each call.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "store/collection.h"
#include "store_local/format.h"
#include "store_local/lock.h"
#include "store_local/records.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

// Called with what is done and what there is to do; false ends the work with `cancelled`.
using GoOn = std::function<bool(uint64_t, uint64_t)>;

// For work that is not to be stopped.
inline bool to_the_end(uint64_t, uint64_t) { return true; }

// not_found for an id that no record has.
Error no_record(int64_t id);

// Items and records have passed store::check_items and check_records. One caller at a time.
class Writer {
 public:
  // Takes the lock and opens the database, of which nothing is read yet.
  static Result<std::unique_ptr<Writer>> open(const Files& files);
  // To be called once it is known that the tables are ours.
  Result<void> prepare();

  struct Upserted {
    std::vector<int64_t> ids;
    int64_t last_slot = 0;
  };
  Result<Upserted> upsert(std::span<const store::Item> items, uint32_t dim);
  Result<void> update(std::span<const store::Record> records);
  Result<uint64_t> erase(std::span<const int64_t> ids);

  // Makes the next model's vectors the collection's; see Reembedding::finish.
  Result<uint64_t> take_next_model(bool drop_rest);
  Result<void> set_index(const IndexSpec& spec);

  // Slots without gaps, in the order they have, and the room of all others given back. `go_on` as of
  // store_local::compact.
  Result<void> compact(const GoOn& go_on);

  Connection& connection() { return *connection_; }
  struct Log {
    int64_t pages = 0;      // after the last commit
    int small_commits = 0;  // one after the other
  };
  const Log& log() const { return log_; }

 private:
  Writer(WriterLock lock, std::unique_ptr<Connection> connection)
      : lock_(std::move(lock)), connection_(std::move(connection)) {}
  Result<Transaction> begin();
  Result<void> compact(Transaction& transaction, const GoOn& go_on);
  Result<void> begin_session();
  Result<void> commit(Transaction& transaction);

  WriterLock lock_;  // goes last
  std::unique_ptr<Connection> connection_;
  std::optional<RecordReader> reader_;
  std::optional<RecordWriter> writer_;
  bool session_begun_ = false;
  Log log_;
};

}  // namespace elanus::store_local
