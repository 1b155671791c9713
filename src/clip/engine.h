// A tower, the memory to run it, and how a call is spread over the pool's threads.
#pragma once
#include <algorithm>
#include <mutex>
#include <span>

#include "base/result.h"
#include "base/thread_pool.h"
#include "clip/batches.h"
#include "clip/config.h"
#include "clip/transformer_workspace.h"
#include "ops/kernels.h"

namespace elanus::clip {

// Rows of activations that one pass takes at once: enough that reading the weights costs little beside using
// them, few enough that the activations stay in cache.
constexpr size_t kRowsPerPass = 256;

// A tower with the memory to run it. One call at a time.
template <class Tower>
struct Engine {
  Tower tower;
  size_t capacity = 0;
  mutable std::mutex mutex;
  mutable Workspace workspace;
  mutable std::vector<size_t> rows;
  mutable Batches plan;

  Result<void> prepare(const ops::Kernels& kernels, const TransformerConfig& config, unsigned workers,
                       size_t longest, size_t patch_values) {
    capacity = std::max(kRowsPerPass, longest);
    workspace = TRY(Workspace::allocate(kernels, config, workers, capacity, longest, patch_values));
    return {};
  }

  // Embeds items[i], which needs rows_of(items[i]) rows, to out[i][dim].
  template <class Item, class RowsOf>
  void run(base::ThreadPool& pool, std::span<const Item> items, const RowsOf& rows_of, size_t dim,
           float* out) const {
    const std::lock_guard lock(mutex);
    rows.clear();
    for (const Item& item : items) rows.push_back(rows_of(item));
    plan_batches(rows, capacity, pool.size(), plan);
    const auto embed = [&](const Crew& crew, const Batches::Group& group) {
      tower.embed(crew, items.subspan(group.begin, group.end - group.begin), out + group.begin * dim);
    };
    if (!plan.whole_groups) {
      for (const auto& group : plan.groups) embed(Crew::everybody(pool, workspace), group);
      return;
    }
    pool.run(plan.groups.size(),
             [&](size_t i, unsigned worker) { embed(Crew::alone(worker, workspace), plan.groups[i]); });
  }
};

}  // namespace elanus::clip
