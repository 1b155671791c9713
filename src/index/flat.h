// Exact search: the query against every row.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "index/rows.h"
#include "index/top_k.h"

namespace elanus::index {

// The `k` rows with the largest dot product with `query` (dim floats, length 1), best first, equal ones by
// ascending key. Scores above 1 are rounding and count as 1, below -1 as -1; a row whose score is NaN is
// never found. Each score is the same whichever thread, part or position the row has. Uses `pool` when it is
// given and the rows are many. Thread-safe.
std::vector<Candidate> search_flat(std::span<const Rows> parts, std::span<const float> query, size_t k,
                                   base::ThreadPool* pool);

// Adds rows [begin, end) of parts[part] to `best`.
void scan_flat(const Rows& rows, uint32_t part, size_t begin, size_t end, std::span<const float> query,
               SharedTopK& best);

// The same as search_flat, slow and plain: all scores in double precision, sorted. The oracle of the tests.
std::vector<Candidate> search_flat_reference(std::span<const Rows> parts, std::span<const float> query,
                                             size_t k);

}  // namespace elanus::index
