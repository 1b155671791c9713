// A collection's pictures embedded anew by another model, while the vectors of the old one serve.
//
// The new vectors gather beside the old ones, each batch durable as it comes, and one transaction puts them
// in their place: a crash at any moment leaves the old model or the new one, whole. Readers and indexing go
// on meanwhile: the writer's lock is held only while a batch is written.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "store/collection.h"

namespace elanus::store_local {

// Not thread-safe. Every method that writes may give `busy`, naming who else writes: it can be called again
// later.
class Reembedding {
 public:
  // Begins, or goes on where an earlier one ended, however it ended. already_exists: the collection's vectors
  // are by this model. mismatch: another model's are on their way (`abandon` gives them up).
  static Result<std::unique_ptr<Reembedding>> begin(const std::filesystem::path& folder,
                                                    const store::ModelId& model, uint32_t dim);
  static Result<void> abandon(const std::filesystem::path& folder);
  ~Reembedding();

  struct Waiting {
    int64_t slot = 0;
    store::Picture picture;
  };
  // Up to n records that have no vector of the new model, each once; none at the end. Those that next() gave
  // and put() did not get come again with the next Reembedding.
  Result<std::vector<Waiting>> next(size_t n);
  // Durable when it returns. `vectors`: [slots][dim], each fit for store::Item. Slots that were given up
  // meanwhile are passed over; after `compact` all of them are, and come again.
  Result<void> put(std::span<const int64_t> slots, std::span<const float> vectors);

  uint64_t total() const { return total_; }        // records when it began
  uint64_t embedded() const { return embedded_; }  // that have the new vector

  // Puts the new vectors in the place of the old ones, for all who open the collection from now on; who has
  // it open gets `mismatch` in words from then on. Records that have none go if `drop_rest`; else they are
  // counted in the answer and nothing changes, unless there are none. Takes as long as `compact`.
  Result<uint64_t> finish(bool drop_rest);

 private:
  struct State;
  explicit Reembedding(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
  uint64_t total_ = 0, embedded_ = 0;
};

}  // namespace elanus::store_local
