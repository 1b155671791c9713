// By how much a query's neighbours are estimated too low.
#pragma once
#include <algorithm>
#include <atomic>

namespace elanus::index {

// The error of an estimate has the mean zero over rows as they usually are. A near neighbour shares with the
// query what the Wiener filter takes for noise, so its score lies above its estimate: the more, the more
// alike they are (docs/decisions/search.md). This is learnt from the rows that came among the best.
// Thread-safe.
class Bias {
 public:
  // `error`: (score - estimate) / standard deviation of a row that came among the best.
  void learn(float error) {
    const float mean = mean_.load(std::memory_order_relaxed);
    mean_.store(mean + (error - mean) / kMemory, std::memory_order_relaxed);
  }
  // In standard deviations, not negative.
  float value() const { return std::max(0.0f, mean_.load(std::memory_order_relaxed)); }

 private:
  // Rows that it goes by, the last ones more: with 8 or 32 recall is the same within three thousandths.
  static constexpr float kMemory = 16;
  std::atomic<float> mean_{0};
};

}  // namespace elanus::index
