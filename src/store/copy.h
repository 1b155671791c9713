// From one store to another, records, vectors and ids, without a model.
#pragma once
#include <cstdint>
#include <functional>
#include <stop_token>

#include "base/result.h"
#include "store/collection.h"

namespace elanus::store {

struct CopyOptions {
  size_t batch = 1000;   // records written together
  bool replace = false;  // where the destination has another picture under an id
  std::stop_token stop;  // ends after the batch at hand
  std::function<void(uint64_t done, uint64_t total)> progress;
};

struct CopyReport {
  uint64_t total = 0;   // records of the source when it began
  uint64_t copied = 0;  // written
  uint64_t there = 0;   // were there already, the same
  bool stopped = false;
};

// Writes every record of `from` into `to` under its id. What is there already is passed over, so that a copy
// that was stopped or killed goes on where it was; what only `to` has stays. Memory: 16 bytes for each record
// of `to`.
//
// mismatch: other dimensions, another model's vectors, or (without `replace`) an id under which `to` has
// another picture: neither the same path nor the same content. Errors of either store end it, with what was
// written kept.
Result<CopyReport> copy(const Collection& from, Collection& to, const CopyOptions& options = {});

}  // namespace elanus::store
