#include "clip/batches.h"

#include <algorithm>
#include <numeric>

namespace elanus::clip {
namespace {

constexpr size_t kRowsWorthAWorker = 48;

}  // namespace

void plan_batches(std::span<const size_t> rows, size_t capacity, size_t workers, Batches& plan) {
  const size_t total = std::accumulate(rows.begin(), rows.end(), size_t{0});
  plan.groups.clear();
  plan.whole_groups = rows.size() >= 2 * workers && total >= kRowsWorthAWorker * workers;
  size_t limit = capacity;
  if (plan.whole_groups) {
    // As many rounds as the capacity asks for, and groups that fill them evenly.
    const size_t rounds = (total + workers * capacity - 1) / (workers * capacity);
    limit = std::min(capacity, (total + workers * rounds - 1) / (workers * rounds));
  }
  size_t used = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (plan.groups.empty() || used + rows[i] > limit) {
      plan.groups.push_back({i, i});
      used = 0;
    }
    plan.groups.back().end = i + 1;
    used += rows[i];
  }
}

}  // namespace elanus::clip
