// The k best of a stream of scored rows, in one total order, so that the answer does not depend on the order
// of arrival.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace elanus::index {

struct Candidate {
  float score = 0;
  int64_t key = 0;    // breaks ties, the smaller first; unique
  uint32_t part = 0;  // where the row is: parts[part], row `row`
  uint32_t row = 0;
  bool operator==(const Candidate&) const = default;
};

constexpr bool better(const Candidate& a, const Candidate& b) {
  return a.score != b.score ? a.score > b.score : a.key < b.key;
}

// Not thread-safe: one per thread, then merge.
class TopK {
 public:
  explicit TopK(size_t k) : k_(k) {}

  // No row with a score below this can enter. A row with this very score may, by its key.
  float threshold() const { return threshold_; }
  size_t size() const { return heap_.size(); }

  void add(const Candidate& candidate) {
    if (heap_.size() == k_) {
      if (k_ == 0 || !better(candidate, heap_.front())) return;
      std::pop_heap(heap_.begin(), heap_.end(), better);
      heap_.back() = candidate;
    } else {
      heap_.push_back(candidate);
    }
    std::push_heap(heap_.begin(), heap_.end(), better);
    if (heap_.size() == k_) threshold_ = heap_.front().score;
  }

  void merge(const TopK& other) {
    for (const Candidate& candidate : other.heap_) add(candidate);
  }

  // The best first. Leaves this empty.
  std::vector<Candidate> take() {
    std::sort_heap(heap_.begin(), heap_.end(), better);
    threshold_ = -std::numeric_limits<float>::infinity();
    return std::move(heap_);
  }

 private:
  size_t k_;
  float threshold_ = -std::numeric_limits<float>::infinity();
  std::vector<Candidate> heap_;  // the worst of the best in front
};

}  // namespace elanus::index
