// How well does a collection answer? Each caption is a query whose right answer is the picture it was written for.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "clip/clip.h"
#include "store/collection.h"

namespace elanus::search {

struct Caption {
  std::string image;  // a stored path, or the end of one ("a/b.jpg", "b.jpg") that fits exactly one
  std::string text;
};

struct Evaluation {
  uint64_t queries = 0, pictures = 0;
  double recall_at_1 = 0, recall_at_5 = 0, recall_at_10 = 0;  // share of queries whose picture is among the first k
  double median_rank = 0;                                     // 1 is best; ranks above 16384 count as 16385
  double queries_per_second = 0;                              // embedding (if any) and search for 10 hits
  std::vector<uint64_t> ranks;                                // of each query, from 1
  std::vector<int64_t> top_ids;                               // the best hit of each query
};

// Runs every caption as a query. `vectors` holds captions.size() ready query vectors of dim values, row-major, or is
// empty: then `clip` embeds the words (and must not be null). `progress`, if set, gets the number of queries done.
// not_found names a caption whose picture is not in the collection; invalid_argument an ambiguous one or a wrong size.
Result<Evaluation> evaluate(const store::Collection& collection, std::span<const Caption> captions,
                            std::span<const float> vectors, const clip::Clip* clip,
                            store::Effort effort = store::Effort::balanced, std::stop_token stop = {},
                            const std::function<void(uint64_t)>& progress = {});

}  // namespace elanus::search
