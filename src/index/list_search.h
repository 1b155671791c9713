// Which lists a query looks into, and when it has seen enough.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "index/coded_scan.h"
#include "index/lists.h"

namespace elanus::index {

// Looks into lists, the most promising first, until the rows of the others that are expected to be among the
// k best are fewer than `missing` * k. About its centre a list's rows lie as the statistics of all lists say,
// so that the part of a row along the query is taken for normally distributed; how many of its rows lie above
// the k-th best score so far follows. `kept`: the share of the rows that are there (a filter keeps). Returns
// how many lists were looked into.
size_t search_promising(const Lists& lists, std::span<const float> query, size_t k, float missing, float kept,
                        const PreparedQuery* prepared, CodedScan& scan, ScanScratch& scratch);

// Looks into the `nprobe` lists whose centres are nearest to the query by Euclidean distance, of equal ones
// the first; and where these have fewer than k rows, into the next ones until there are k. What FAISS'
// IndexIVFFlat with METRIC_L2 and Milvus' IVF_FLAT look into. Returns how many.
size_t search_nearest(const Lists& lists, std::span<const float> query, size_t k, size_t nprobe,
                      const PreparedQuery* prepared, CodedScan& scan, ScanScratch& scratch);

}  // namespace elanus::index
