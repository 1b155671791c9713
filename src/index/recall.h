// How much of the truth a search found.
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <unordered_set>

namespace elanus::index {

// The share of the first k keys of `truth` that are among the first k of `found`: 0..1. Where `truth` has
// fewer than k keys, of those; 1 when it has none.
inline double recall_at_k(std::span<const int64_t> truth, std::span<const int64_t> found, size_t k) {
  truth = truth.first(std::min(k, truth.size()));
  found = found.first(std::min(k, found.size()));
  if (truth.empty()) return 1;
  const std::unordered_set<int64_t> wanted(truth.begin(), truth.end());
  std::unordered_set<int64_t> hits;
  for (const int64_t key : found)
    if (wanted.contains(key)) hits.insert(key);
  return static_cast<double>(hits.size()) / static_cast<double>(wanted.size());
}

}  // namespace elanus::index
