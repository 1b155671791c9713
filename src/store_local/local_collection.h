// store_local: the durable collection, in a folder of its own. SQLite's library.db is the only truth;
// library.idx beside it is a mapped copy of the vectors that is rebuilt whenever it is missing or wrong.
// docs/formats/library.md.
//
// One process writes, any number read: a reader sees each committed batch whole, as soon as it is committed,
// and waits for nobody. Opening costs the same for any number of records.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>

#include "store/collection.h"
#include "store_local/index_spec.h"
#include "store_local/paths.h"
#include "store_local/upkeep_limits.h"

namespace elanus::store_local {

enum class OpenMode {
  read_only,   // any number of processes; every method that writes gives `permission`
  read_write,  // one at a time: `busy` names the process that has it
};

// The model whose vectors are on their way, if there is one.
struct NextModel {
  store::ModelId model;
  uint32_t dim = 0;
  uint64_t embedded = 0;  // records that have its vector
};

struct Stats {
  uint64_t records = 0;
  uint64_t dead_slots = 0;      // given up by erase and by upserts that replaced a record
  uint64_t database_bytes = 0;  // on disk, the log included
  uint64_t index_bytes = 0;     // on disk; 0 when there is none yet
  uint64_t index_rows = 0;      // in it, of these coded_rows with codes
  uint64_t coded_rows = 0;
  uint64_t lists = 0, listed_rows = 0;  // lists that searches look into, and the rows in them
  IndexSpec index;
  std::optional<NextModel> next;
  int64_t format = 0;
  int64_t created_ns = 0;  // since 1970
};

// Thread-safety and contracts as store::Collection. Not to be used across fork: open it in the child.
class LocalCollection final : public store::Collection {
 public:
  // Makes the folder where it is missing, and an empty collection open for writing in it. already_exists when
  // there is one; invalid_argument for a schema that no store accepts.
  static Result<std::unique_ptr<LocalCollection>> create(const std::filesystem::path& folder,
                                                         const store::Schema& schema,
                                                         Paths paths = Paths::absolute);

  // not_found: no collection there (the message says how to make one). unsupported: a newer elanus wrote it.
  // mismatch: another program's database. corrupt: it does not read as a database. busy: another process
  // writes.
  static Result<std::unique_ptr<LocalCollection>> open(const std::filesystem::path& folder, OpenMode mode,
                                                       const UpkeepLimits& limits = {});

  // Whether there is a library.db, of whatever state.
  static bool exists(const std::filesystem::path& folder);

  // Removes the collection's own files and leaves the folder and everything else in it. not_found, mismatch
  // (a library.db that is not ours) or busy (somebody writes), and then nothing is removed.
  static Result<void> drop(const std::filesystem::path& folder);

  ~LocalCollection() override;
  LocalCollection(const LocalCollection&) = delete;
  LocalCollection& operator=(const LocalCollection&) = delete;

  const store::Schema& schema() const override;
  Result<uint64_t> count() const override;
  Result<std::vector<int64_t>> upsert(std::span<const store::Item> items) override;
  Result<void> update(std::span<const store::Record> records) override;
  Result<uint64_t> erase(std::span<const int64_t> ids) override;
  Result<store::Record> get(int64_t id) const override;
  Result<std::vector<float>> vector(int64_t id) const override;
  Result<std::optional<store::Record>> find_by_path(std::string_view path) const override;
  Result<std::vector<store::Record>> find_by_content(std::string_view hash) const override;
  // Streams the records of the moment of the call. `visit` may use this collection.
  Result<void> for_each_from(int64_t least,
                             const std::function<bool(const store::Record&)>& visit) const override;
  // Reads the codes of all vectors, and the vectors that params.effort asks for.
  Result<std::vector<store::Hit>> search(std::span<const float> query,
                                         const store::SearchParams& params) const override;
  Result<std::vector<std::vector<store::Hit>>> search_batch(std::span<const float> queries,
                                                            const store::SearchParams& params) const override;

  // How it is searched from now on: kept in the collection. What that needs is made by settle().
  Result<void> set_index(const IndexSpec& spec);
  // Gathers the vectors into lists where the collection wants lists and they are missing, or it has outgrown
  // them; until then searches do without. Returns whether it did. `go_on(done, all)` is called now and then,
  // on this thread; false ends with `cancelled`, which loses nothing. About 20 s for a million on two cores.
  Result<bool> settle(const std::function<bool(uint64_t, uint64_t)>& go_on);

  Result<Stats> stats() const;
  // Reads the whole database: corrupt names the first thing that is not as it should be. O(bytes).
  Result<void> check() const;

 private:
  struct State;
  explicit LocalCollection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace elanus::store_local
