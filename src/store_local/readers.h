// Connections for reading, handed out one to each thread that wants one and kept for the next.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store_local/format.h"
#include "store_local/records.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

struct Reader {
  std::unique_ptr<Connection> connection;
  RecordReader records;
  int64_t format;
  int64_t epoch;
};

// Thread-safe. Must outlive what it has handed out.
class Readers {
 public:
  // `identity` is what the collection was when it was opened.
  Readers(std::string database, const Identity& identity)
      : database_(std::move(database)), identity_(identity) {}

  struct GiveBack {
    Readers* readers;
    void operator()(Reader* reader) const { readers->give_back(std::unique_ptr<Reader>(reader)); }
  };
  using Lent = std::unique_ptr<Reader, GiveBack>;

  // mismatch: another model has embedded the collection anew since it was opened.
  Result<Lent> borrow();

 private:
  void give_back(std::unique_ptr<Reader> reader);

  const std::string database_;
  const Identity& identity_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Reader>> idle_;
};

// A connection that reads `database`; also from a folder or disk that cannot be written.
Result<std::unique_ptr<Connection>> open_for_reading(const std::string& database);

}  // namespace elanus::store_local
