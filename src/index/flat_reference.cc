#include <algorithm>

#include "base/f16.h"
#include "index/flat.h"

namespace elanus::index {

std::vector<Candidate> search_flat_reference(std::span<const Rows> parts, std::span<const float> query,
                                             size_t k) {
  std::vector<Candidate> all;
  for (uint32_t part = 0; part < parts.size(); ++part) {
    const Rows& rows = parts[part];
    for (uint32_t row = 0; row < rows.keys.size(); ++row) {
      if (rows.is_dead(row)) continue;
      double sum = 0;
      for (size_t d = 0; d < query.size(); ++d)
        sum += static_cast<double>(base::f16_to_f32(rows.values[row * query.size() + d])) * query[d];
      if (sum == sum)
        all.push_back({static_cast<float>(std::clamp(sum, -1.0, 1.0)), rows.keys[row], part, row});
    }
  }
  std::sort(all.begin(), all.end(), better);
  if (all.size() > k) all.resize(k);
  return all;
}

}  // namespace elanus::index
