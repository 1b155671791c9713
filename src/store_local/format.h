// library.db: its tables and what is checked before the first row is read. docs/formats/library.md describes
// it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "store/collection.h"
#include "store_local/index_spec.h"
#include "store_local/paths.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

// Version history: 1 (2026-11): the first. 2 (2026-11): captured_s, camera and type, and indexes for filters.
// 3 (2026-11): a checksum for each record and each vector; the vectors of a next model. 4 (2026-11): what
// filters compare is found in library.idx, so their indexes are gone and `touched` tells what changed;
// `content` instead of an index over the hash; ids are never given out twice.
constexpr int64_t kFormat = 4;
constexpr int64_t kSummedFormat = 3;            // the first one with checksums
constexpr int64_t kTouchedFormat = 4;           // the first one with `touched` and `content`
constexpr int64_t kApplicationId = 0x454c414e;  // "ELAN", in the header of the SQLite file

// The files of a store, all in one folder.
struct Files {
  explicit Files(std::filesystem::path folder);
  std::filesystem::path folder, database, new_database, log, shared_memory, index, new_index, lock;
};

// What was fixed when the store was made.
struct Identity {
  store::Schema schema;
  std::string uuid;        // 32 hex digits, drawn at random
  int64_t created_ns = 0;  // since 1970
};

// Makes library.db.new with the tables of an empty store, and closes it. The writer's lock is held.
Result<void> make_database(const Files& files, const store::Schema& schema, Paths paths);
// And puts it in its place: library.db is complete and on disk when it returns, or not there at all. There
// was none.
Result<void> create_database(const Files& files, const store::Schema& schema, Paths paths);

// The CREATE TABLE of `image`, under this name.
std::string image_table(const std::string& name);
// And of the vectors.
std::string vec_table(const std::string& name);
// What format 4 has beside them.
extern const char* const kTouchedTables;
// Fills `content`, which is empty, from the records.
extern const char* const kFillContent;
// What `sum` of a row of `image` has to be, as SQL; and of a row of `vec`.
extern const char* const kRecordSum;
extern const char* const kVectorSum;

// Removes a database with the journal or log that a crash may have left. What is not there is no error.
Result<void> remove_database(const std::filesystem::path& database);

// Renames library.db.new, which is complete and closed, to library.db: on disk when it returns.
Result<void> put_in_place(const Files& files);

// The format of the database. unsupported: made by a newer elanus. corrupt: no format of ours.
Result<int64_t> read_format(Connection& connection);

// unsupported: made by a newer elanus. mismatch: another program's database. corrupt: neither.
Result<Identity> read_identity(Connection& connection, const Files& files);

// mismatch when the vectors are by now another model's than `identity` says.
Result<void> expect_model(Connection& connection, const Identity& identity);

// Reads all of it. corrupt: SQLite finds damage, or records, vectors and counts that do not fit together.
Result<void> check_database(Connection& connection, const Files& files, uint32_t dim);

// corrupt: a row of `touched` with a seq in (after, last] is not what was written.
Result<void> check_touched(Connection& connection, int64_t after, int64_t last);

// How the collection is to be searched. corrupt: it says something that this program does not know.
Result<IndexSpec> read_index_spec(Connection& connection);
// Inside a write transaction.
Result<void> write_index_spec(Connection& connection, const IndexSpec& spec);

// True when the file's header says that it is ours, whatever state the rest is in.
bool has_our_header(const std::filesystem::path& database);

}  // namespace elanus::store_local
