#include "index/flat.h"

#include <algorithm>
#include <array>

#include "ops/kernels.h"

namespace elanus::index {
namespace {

// Large enough that handing out a task costs nothing beside it, small enough that two threads end together.
constexpr size_t kTaskRows = 1024;
// Scores of one call of the kernel; they stay in the first-level cache.
constexpr size_t kFlatTile = 64;
// Below this many values the pool costs more than it gives: about 30 us of scanning.
constexpr size_t kFlatAlone = size_t{1} << 19;

struct Task {
  uint32_t part;
  uint32_t begin, end;  // rows
};

}  // namespace

void scan_flat(const Rows& rows, uint32_t part, size_t begin, size_t end, std::span<const float> query,
               SharedTopK& best) {
  const size_t dim = query.size();
  std::array<float, kFlatTile> scores;
  for (size_t tile = begin; tile < end; tile += kFlatTile) {
    const size_t count = std::min<size_t>(kFlatTile, end - tile);
    const bool all_sound = rows.sound(tile, tile + count);
    ops::kernels().dot_f16_rows(rows.values.data() + tile * dim, dim, count, query.data(), dim,
                                scores.data());
    for (size_t i = 0; i < count; ++i) {
      const float score = std::clamp(scores[i], -1.0f, 1.0f);
      if (!(score >= best.threshold())) continue;
      const size_t row = tile + i;
      if (!rows.is_dead(row) && (all_sound || rows.sound(row, row + 1)))
        best.add({score, rows.keys[row], part, static_cast<uint32_t>(row)});
    }
  }
}

std::vector<Candidate> search_flat(std::span<const Rows> parts, std::span<const float> query, size_t k,
                                   base::ThreadPool* pool) {
  std::vector<Task> tasks;
  size_t values = 0;
  for (uint32_t part = 0; part < parts.size(); ++part) {
    const size_t rows = parts[part].keys.size();
    values += parts[part].values.size();
    for (size_t begin = 0; begin < rows; begin += kTaskRows)
      tasks.push_back(
          {part, static_cast<uint32_t>(begin), static_cast<uint32_t>(std::min(rows, begin + kTaskRows))});
  }
  SharedTopK best(k);
  if (pool == nullptr || pool->size() == 1 || values < kFlatAlone) {
    for (const Task& task : tasks) scan_flat(parts[task.part], task.part, task.begin, task.end, query, best);
    return best.take();
  }
  pool->run(tasks.size(), [&](size_t i, unsigned) {
    const Task& task = tasks[i];
    scan_flat(parts[task.part], task.part, task.begin, task.end, query, best);
  });
  return best.take();
}

}  // namespace elanus::index
