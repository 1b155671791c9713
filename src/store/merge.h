// One collection's records into another.
#pragma once
#include <cstdint>
#include <functional>

#include "base/result.h"
#include "store/collection.h"

namespace elanus::store {

struct MergeReport {
  uint64_t added = 0;     // paths that were not there
  uint64_t replaced = 0;  // the same path with a file of a later time: record and vector taken over
  uint64_t kept = 0;      // the same path with a file as new or newer: left as it was
};

// Puts every record of `from` into `into`. A path that is there is replaced if the file time (mtime_ns) in
// `from` is later; the id stays. A path that is not there keeps its id if that is free, else it gets a new
// one. Vectors are taken as they are stored (to the last bit but one). Every batch is durable when the next
// begins, so a merge that was interrupted is finished by running it again. `go_on(records done)` is called
// between batches; false ends with `cancelled`. mismatch: the models differ.
Result<MergeReport> merge(const Collection& from, Collection& into,
                          const std::function<bool(uint64_t)>& go_on);

}  // namespace elanus::store
