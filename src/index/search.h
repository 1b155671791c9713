// Search over coded rows: every code is looked at, or those of the lists that may hold neighbours, and every
// row whose code says that it may be among the best is compared itself. No parameters but how sure one wants
// to be.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "index/lists.h"
#include "index/rows.h"
#include "index/top_k.h"

namespace elanus::index {

struct SearchOptions {
  size_t k = 10;
  // How many standard deviations of its estimate a row may lie above it, and above the bias that the query's
  // neighbours have in common, and still be found. 2 finds about .99 of the neighbours, 3 .995 or more
  // (docs/decisions/search.md).
  float sigmas = 3;
  base::ThreadPool* pool = nullptr;  // used when the rows are many
  const Lists* lists = nullptr;      // over the first of the parts; the others' rows are all looked at
  // Of lists: the share of the neighbours that may be expected to lie in lists that are left out.
  float missing = 0.001f;
  float kept = 1;  // the share of the rows that is alive
  // Not 0: so many lists, the nearest ones, whatever `missing` says; more where these have too few rows.
  // Lists without codes want it.
  uint32_t nprobe = 0;
};

struct Answer {
  std::vector<Candidate> best;  // k of them, or as many as there are
  uint64_t compared = 0;        // rows whose values were read
  size_t lists = 0;             // that were looked into
};

// For each query the k best rows, in search_flat's order and with search_flat's scores. Rows without codes
// are all compared; so are the living rows where few are alive. `queries`: [n][dim], each of length 1.
// Queries asked together share each piece of the codes while it is in cache. With a pool, which rows were
// compared may differ from run to run, within what `sigmas` allows. Thread-safe.
std::vector<Answer> search(std::span<const Rows> parts, std::span<const float> queries, size_t dim,
                           const SearchOptions& options);

}  // namespace elanus::index
