// From query vectors to hits: the scan of a view, and the records of what it finds.
#pragma once
#include <functional>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "store/collection.h"
#include "store_local/mirror.h"
#include "store_local/readers.h"

namespace elanus::store_local {

struct Question {
  std::span<const float> queries;  // [n][dim], each of length 1
  uint32_t dim;
  const store::SearchParams& params;
};

// Threads for a scan that takes as long as comparing so many values, or null.
using PoolFor = std::function<base::ThreadPool*(size_t values)>;

// The hits of each query, all of one version of the database. corrupt when records and vectors do not fit
// together.
Result<std::vector<std::vector<store::Hit>>> answer(Reader& reader, Mirror& mirror, const PoolFor& pool_for,
                                                    const Question& question);

}  // namespace elanus::store_local
