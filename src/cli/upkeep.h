// What a command does for the index of the collection that it has written to.
#pragma once
#include <stop_token>
#include <string>

#include "base/result.h"
#include "store/collection.h"

namespace elanus::cli {

// Keeps how the collection is to be searched (store_local/index_spec.h); nothing to do for an empty `spec`. unsupported for
// a milvus:// collection, whose URI says it.
Result<void> choose_index(store::Collection& collection, const std::string& spec);

// Gathers the vectors into lists where the collection wants that and it is due, with progress. A stop or a failure
// leaves searches as they are, and is said.
void settle(store::Collection& collection, const std::stop_token& stop);

}  // namespace elanus::cli
