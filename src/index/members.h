// Rows by the centre that is nearest to them.
#pragma once
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "index/kmeans.h"

namespace elanus::index {

// Those of c are order[begin[c]] .. order[begin[c + 1] - 1], ascending.
struct Members {
  std::vector<size_t> begin;
  std::vector<uint32_t> order;
};

inline Members members_of(std::span<const NearestCentre::Found> found, uint32_t k) {
  Members members{std::vector<size_t>(k + 1), std::vector<uint32_t>(found.size())};
  for (const auto& one : found) ++members.begin[one.centre + 1];
  std::partial_sum(members.begin.begin(), members.begin.end(), members.begin.begin());
  auto next = members.begin;
  for (uint32_t i = 0; i < found.size(); ++i) members.order[next[found[i].centre]++] = i;
  return members;
}

}  // namespace elanus::index
