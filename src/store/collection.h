// store: the vocabulary of a vector store, and the one interface that every store implements.
//
// A Collection holds one embedding and one Picture record per id. Embeddings are unit vectors of
// `Schema::dim` floats. Every store passes the same contract test (store/contract.h). The local, durable one
// is in store_local.
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/filter.h"

namespace elanus::store {

// How two vectors compare. Stored vectors have length 1, so all three rank alike; hits always carry the
// cosine.
enum class Metric { cosine, ip, l2 };

// Who made the vectors. Two models' vectors never mix: same name and other weights is another model.
struct ModelId {
  std::string name;  // "elanus-demo"
  std::string hash;  // lower-case hex of the weights' XXH3-128; empty: brought from outside, nothing known
  bool operator==(const ModelId&) const = default;
};

struct Schema {
  uint32_t dim = 0;  // 1..65536
  Metric metric = Metric::cosine;
  ModelId model;
};

// What is known about one picture. Everything but `path` may be absent.
struct Picture {
  std::string path;                // bytes as the file system has them; unique within a collection
  std::string root;                // the folder or CSV that indexing began at; empty when imported
  int64_t size = 0;                // bytes
  int64_t mtime_ns = 0;            // since 1970
  std::string content_hash;        // lower-case hex of the file's XXH3-128; empty when unknown
  uint32_t width = 0, height = 0;  // pixels, after orientation; 0 when unknown
  std::string label;               // the CSV's `label`
  std::string attributes;          // a JSON object as text, "{}" or empty when there are none
  int64_t captured_s = 0;  // since 1970, by the camera's clock and without a time zone; 0 when unknown
  std::string camera;      // "Canon EOS 5D"; empty when unknown
  bool operator==(const Picture&) const = default;
};

struct Item {
  // Absent: the id of the record with this path, else a new one: 1 above the highest that any record of the
  // collection has or had, so that no id is given out a second time.
  std::optional<int64_t> id;
  std::span<const float> vector;  // dim values, finite, not all zero; stored at length 1
  Picture picture;
};

struct Record {
  int64_t id = 0;
  Picture picture;
};

struct Hit {
  int64_t id = 0;
  float cosine = 0;  // -1..1, of the query with the stored vector
  Picture picture;
};

// How sure a search is to find each true neighbour. The same meaning for every size and filter; a store that
// always compares everything takes all three for exact.
enum class Effort {
  fast,      // about 98 of 100
  balanced,  // all but one in a thousand
  exact,     // every record is compared
};

struct SearchParams {
  uint32_t limit = 10;  // 1..16384 hits
  Filter filter;        // only these are hits
  Effort effort = Effort::balanced;
};

// Vectors are kept as half floats (11 bits of precision), so a cosine is within 1e-3 of the one with the
// vector given; memory: and file: stores keep exactly the same bits.
//
// Thread-safety: const methods may be called from many threads at once, also while one thread writes; a
// search sees each committed batch whole or not at all. Methods that write need the caller to be alone among
// writers.
class Collection {
 public:
  virtual ~Collection() = default;

  virtual const Schema& schema() const = 0;
  virtual Result<uint64_t> count() const = 0;

  // Inserts new records and replaces those with the same id or the same path: all items or none, durable (for
  // a durable store) when it returns. Returns the ids in order. invalid_argument names the item: wrong
  // length, NaN, infinity, zero vector, the same id or path twice in one batch, or an id and a path that
  // belong to two records.
  virtual Result<std::vector<int64_t>> upsert(std::span<const Item> items) = 0;

  // Replaces the Picture of existing records and keeps their vectors (a file was moved or touched): all or
  // none. Paths may change hands inside one call (a to b, b to c). not_found names an id that is not there;
  // invalid_argument an id or path that is there twice, or a path that belongs to a record outside the call.
  virtual Result<void> update(std::span<const Record> records) = 0;

  // Removes these ids, all durable when it returns; unknown ids are ignored. Returns how many were there.
  virtual Result<uint64_t> erase(std::span<const int64_t> ids) = 0;

  virtual Result<Record> get(int64_t id) const = 0;
  virtual Result<std::vector<float>> vector(int64_t id) const = 0;

  // The vectors of several records, one after the other in the order of the ids; not_found names the first
  // that is not there. A store that answers many at once quicker than one by one overrides it.
  virtual Result<std::vector<float>> vectors(std::span<const int64_t> ids) const {
    std::vector<float> all;
    for (const int64_t id : ids) {
      const auto one = TRY(vector(id));
      all.insert(all.end(), one.begin(), one.end());
    }
    return all;
  }

  // The record with exactly this path, if there is one.
  virtual Result<std::optional<Record>> find_by_path(std::string_view path) const = 0;

  // The records whose content_hash is `hash`, by ascending id; none for an empty hash, which means "unknown".
  virtual Result<std::vector<Record>> find_by_content(std::string_view hash) const = 0;

  // Calls `visit` for each record whose id is at least `least`, in ascending id order, until it returns
  // false. What comes before costs nothing.
  virtual Result<void> for_each_from(int64_t least,
                                     const std::function<bool(const Record&)>& visit) const = 0;
  Result<void> for_each(const std::function<bool(const Record&)>& visit) const {
    return for_each_from(std::numeric_limits<int64_t>::min(), visit);
  }

  // The `limit` best records by cosine, best first, equal cosines by ascending id. `query` needs dim finite
  // values and a length above 0; it need not be 1. Fewer hits than `limit` mean that no more records pass the
  // filter.
  virtual Result<std::vector<Hit>> search(std::span<const float> query, const SearchParams& params) const = 0;

  // The same for n queries, [n][dim], answered together where that is faster; else one after the other.
  virtual Result<std::vector<std::vector<Hit>>> search_batch(std::span<const float> queries,
                                                             const SearchParams& params) const;
};

}  // namespace elanus::store
