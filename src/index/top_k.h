// The k best of a stream of scored rows, in one total order, so that the answer does not depend on the order
// of arrival.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
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

// Not thread-safe.
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

// The k best that several threads find together. Thread-safe, but for take().
class alignas(64) SharedTopK {
 public:
  explicit SharedTopK(size_t k) : best_(k) {}

  // As TopK's; what another thread adds meanwhile may not count yet.
  float threshold() const { return threshold_.load(std::memory_order_relaxed); }
  size_t size() const { return size_.load(std::memory_order_relaxed); }
  void add(const Candidate& candidate) {
    const std::lock_guard lock(mutex_);
    best_.add(candidate);
    threshold_.store(best_.threshold(), std::memory_order_relaxed);
    size_.store(best_.size(), std::memory_order_relaxed);
  }
  std::vector<Candidate> take() { return best_.take(); }

 private:
  std::mutex mutex_;
  TopK best_;
  std::atomic<float> threshold_{-std::numeric_limits<float>::infinity()};
  std::atomic<size_t> size_{0};
};

}  // namespace elanus::index
