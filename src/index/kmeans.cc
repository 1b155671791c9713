#include "index/kmeans.h"

#include <algorithm>

#include "index/members.h"
#include "ops/kernels.h"

namespace elanus::index {
namespace {

// A centre without rows takes every other row of the one that has most.
void share_with_the_empty(std::vector<std::vector<uint32_t>>& lists) {
  for (auto& list : lists) {
    if (!list.empty()) continue;
    auto& largest = *std::max_element(lists.begin(), lists.end(),
                                      [](const auto& a, const auto& b) { return a.size() < b.size(); });
    if (largest.size() < 2) return;
    std::vector<uint32_t> kept;
    for (size_t i = 0; i < largest.size(); ++i) (i % 2 == 0 ? kept : list).push_back(largest[i]);
    largest = std::move(kept);
  }
}

}  // namespace

Result<std::vector<uint16_t>> train_centres(const RowSource& row, size_t n, uint32_t k, uint32_t dim,
                                            int rounds, Nearness nearness, base::ThreadPool& pool,
                                            const std::function<bool(int round)>& go_on) {
  std::vector<uint16_t> centres(size_t{k} * dim);
  for (size_t c = 0; c < k; ++c)
    std::copy_n(row(c * n / k), dim, centres.begin() + static_cast<ptrdiff_t>(c * dim));
  std::vector<NearestCentre::Found> found(n);
  for (int round = 0; round < rounds; ++round) {
    if (!go_on(round)) return Error(ErrorKind::cancelled, "stopped; nothing was changed");
    const auto nearest = TRY(NearestCentre::prepare(centres, dim, nearness, pool));
    TRY(nearest.find(row, n, found, [&](size_t) { return go_on(round); }));
    const Members members = members_of(found, k);
    std::vector<std::vector<uint32_t>> lists(k);
    for (uint32_t c = 0; c < k; ++c)
      lists[c].assign(members.order.begin() + static_cast<ptrdiff_t>(members.begin[c]),
                      members.order.begin() + static_cast<ptrdiff_t>(members.begin[c + 1]));
    share_with_the_empty(lists);
    pool.run(k, [&](size_t c, unsigned) {
      if (lists[c].empty()) return;
      std::vector<float> sum(dim), one(dim);
      for (const uint32_t i : lists[c]) {
        ops::kernels().f16_to_f32(row(i), one.data(), dim);
        for (uint32_t d = 0; d < dim; ++d) sum[d] += one[d];
      }
      for (float& value : sum) value /= static_cast<float>(lists[c].size());
      ops::kernels().f32_to_f16(sum.data(), centres.data() + c * dim, dim);
    });
  }
  return centres;
}

}  // namespace elanus::index
