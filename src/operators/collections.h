// Vectors into a collection, and out of it again.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "operators/embeddings.h"
#include "store/collection.h"

namespace elanus::operators {

struct InsertOptions {
  size_t batch = 100;  // rows in one commit
};

// A sink: into<"id", "vec">, <"id", "vec", "path">, <"path", "vec"> or <"id", "vec", "picture">
// (store::Picture). Without an id, the record with the path, else a new one; without a path, the name "#id",
// since every record has a path. Replaces what is there, so that a load that is run again ends the same. When
// a batch is refused because of a row in it, its rows go in one by one, and only those that are refused fail.
class Insert {
 public:
  Insert(store::Collection& collection, const InsertOptions& options)
      : collection_(collection), options_(options) {}
  size_t batch_size() const { return options_.batch; }

  using Answers = std::vector<Result<void>>;
  Answers operator()(std::span<const int64_t> ids, std::span<const Embedding> vectors);
  Answers operator()(std::span<const int64_t> ids, std::span<const Embedding> vectors,
                     std::span<const std::string> paths);
  Answers operator()(std::span<const int64_t> ids, std::span<const Embedding> vectors,
                     std::span<const store::Picture> pictures);
  Answers operator()(std::span<const std::string> paths, std::span<const Embedding> vectors);

 private:
  Answers write(std::span<const store::Item> items);

  store::Collection& collection_;
  const InsertOptions options_;
};
inline Insert insert(store::Collection& collection, const InsertOptions& options = {}) {
  return {collection, options};
}

// A vector -> the hits, best first. Thread-safety: as the collection's.
struct Search {
  const store::Collection& collection;
  store::SearchParams params;
  Result<std::vector<store::Hit>> operator()(const Embedding& vector) const {
    return collection.search(vector, params);
  }
};
inline Search search(const store::Collection& collection, const store::SearchParams& params = {}) {
  return {collection, params};
}

}  // namespace elanus::operators
