// Many workers, one order: indices 0..n-1 are claimed by workers and their results come out in ascending order, with at
// most `window` claimed and not yet taken. So memory is bounded and a slow picture delays but never reorders the others.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace elanus::ingest {

// Any number of workers, one consumer.
template <class T>
class OrderedResults {
 public:
  OrderedResults(size_t n, size_t window) : n_(n), slots_(window) {}

  // The next index to work on; waits while `window` are outstanding. Nothing at the end or after close().
  std::optional<size_t> claim() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return claimed_ >= end() || claimed_ < taken_ + slots_.size(); });
    if (claimed_ >= end()) return std::nullopt;
    return claimed_++;
  }

  // Hands in the result of a claimed index.
  void deliver(size_t index, T result) {
    std::lock_guard lock(mutex_);
    slots_[index % slots_.size()] = std::move(result);
    ready_.notify_one();
  }

  // The results in order; nothing after the last claimed one.
  std::optional<T> next() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return slots_[taken_ % slots_.size()] || (taken_ == claimed_ && claimed_ >= end()); });
    auto& slot = slots_[taken_ % slots_.size()];
    if (!slot) return std::nullopt;
    std::optional<T> result(std::move(slot));
    slot.reset();
    ++taken_;
    room_.notify_one();
    return result;
  }

  // No more claims; what is claimed still comes out of next().
  void close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    room_.notify_all();
    ready_.notify_all();
  }

 private:
  size_t end() const { return closed_ ? claimed_ : n_; }

  const size_t n_;
  std::mutex mutex_;
  std::condition_variable room_, ready_;
  std::vector<std::optional<T>> slots_;
  size_t claimed_ = 0, taken_ = 0;
  bool closed_ = false;
};

}  // namespace elanus::ingest
