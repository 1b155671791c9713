// store_milvus: a Collection in a Milvus server or cluster (2.4 to 2.6, Milvus Lite 3, Zilliz Cloud), over
// gRPC.
//
// Where a cluster cannot give what a file gives:
// - A call that writes is checked whole before its first row is sent, so that what can be refused is refused
// with nothing
//   written. It is then sent in messages of at most 32 MiB, each of which the server takes or not. When the
//   server is lost between two of them, the error says how many rows are in; the same call again completes
//   it, and doubles nothing, because rows are written by their id.
// - Writers need to be alone, as with every store, but nothing enforces it.
// - How fresh a search is, is the place's `consistency`; everything that writing decides on is fresh.
#pragma once
#include <memory>
#include <stop_token>

#include "store/collection.h"
#include "store_milvus/patience.h"
#include "store_milvus/place.h"

namespace elanus::store_milvus {

struct Options {
  Patience patience;
  std::stop_token stop;  // ends waiting and running calls with `cancelled`
};

enum class OpenMode { read_only, read_write };

struct Description {
  std::string server;         // its version, as it says
  std::string index, metric;  // "IVF_FLAT {"nlist":512}", "L2"
  int32_t shards = 0;
  bool ours = false;  // made by elanus: it can be written
};

// Thread-safety and contracts as store::Collection. Errors of the connection: io (no answer, in words),
// permission, busy (the server is overloaded), cancelled. No message ever has a password or a token in it.
class MilvusCollection final : public store::Collection {
 public:
  // Makes the database where it is missing, the collection, its indexes, and loads it. already_exists;
  // invalid_argument.
  static Result<std::unique_ptr<MilvusCollection>> create(const Place& place, const store::Schema& schema,
                                                          const Options& options = {});
  // not_found: no such database or collection. mismatch: nothing in it can be searched; for read_write also:
  // elanus did not make it (the message says what it lacks).
  static Result<std::unique_ptr<MilvusCollection>> open(const Place& place, OpenMode mode,
                                                        const Options& options = {});
  static Result<bool> exists(const Place& place, const Options& options = {});
  // Deletes the collection with everything in it. not_found; mismatch: elanus did not make it, and then
  // nothing is deleted.
  static Result<void> drop(const Place& place, const Options& options = {});

  ~MilvusCollection() override;

  const store::Schema& schema() const override;
  Result<uint64_t> count() const override;
  Result<std::vector<int64_t>> upsert(std::span<const store::Item> items) override;
  Result<void> update(std::span<const store::Record> records) override;
  Result<uint64_t> erase(std::span<const int64_t> ids) override;
  Result<store::Record> get(int64_t id) const override;
  Result<std::vector<float>> vector(int64_t id) const override;
  Result<std::vector<float>> vectors(std::span<const int64_t> ids) const override;
  Result<std::optional<store::Record>> find_by_path(std::string_view path) const override;
  Result<std::vector<store::Record>> find_by_content(std::string_view hash) const override;
  // In pages: a record that is written meanwhile may be seen or not.
  Result<void> for_each_from(int64_t least,
                             const std::function<bool(const store::Record&)>& visit) const override;
  // SearchParams::effort has no meaning here: the server's index and its parameters decide the recall.
  Result<std::vector<store::Hit>> search(std::span<const float> query,
                                         const store::SearchParams& params) const override;

  Result<Description> describe() const;
  // Has the server write its open segments. Not needed for durability; useful after a bulk load.
  Result<void> flush();
  // How often a call was sent again because a first answer did not come.
  uint64_t repeats() const;

 private:
  struct State;
  explicit MilvusCollection(std::unique_ptr<State> state);
  Result<void> write(std::span<const struct Row> rows);

  std::unique_ptr<State> state_;
};

}  // namespace elanus::store_milvus
