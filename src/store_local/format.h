// library.db: its tables and what is checked before the first row is read. docs/formats/library.md describes
// it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "store/collection.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

// Version history: 1 (2026-11): the first.
constexpr int64_t kFormat = 1;
constexpr int64_t kApplicationId = 0x454c414e;  // "ELAN", in the header of the SQLite file

// The files of a store, all in one folder.
struct Files {
  explicit Files(std::filesystem::path folder);
  std::filesystem::path folder, database, log, shared_memory, index, lock;
};

// What was fixed when the store was made.
struct Identity {
  store::Schema schema;
  std::string uuid;        // 32 hex digits, drawn at random
  int64_t created_ns = 0;  // since 1970
};

// Makes the tables of an empty store in a new file `path`, complete and on disk when it returns.
Result<void> create_database(const std::filesystem::path& path, const store::Schema& schema);

// unsupported: made by a newer elanus. mismatch: another program's database. corrupt: neither.
Result<Identity> read_identity(Connection& connection, const Files& files);

// True when the file's header says that it is ours, whatever state the rest is in.
bool has_our_header(const std::filesystem::path& database);

}  // namespace elanus::store_local
