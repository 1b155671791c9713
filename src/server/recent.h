// The values used last, by key: at most so many, the one not used for longest goes first.
#pragma once
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace elanus::server {

// Thread-safety: any method, any thread. Value is cheap to copy (a shared_ptr).
template <class Value>
class Recent {
 public:
  explicit Recent(size_t capacity) : capacity_(capacity) {}

  std::optional<Value> find(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return std::nullopt;
    order_.splice(order_.begin(), order_, found->second);
    return found->second->second;
  }

  void put(const std::string& key, Value value) {
    const std::lock_guard lock(mutex_);
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
      found->second->second = std::move(value);
      order_.splice(order_.begin(), order_, found->second);
      return;
    }
    order_.emplace_front(key, std::move(value));
    by_key_[key] = order_.begin();
    if (order_.size() <= capacity_) return;
    by_key_.erase(order_.back().first);
    order_.pop_back();
  }

 private:
  using Order = std::list<std::pair<std::string, Value>>;
  const size_t capacity_;
  std::mutex mutex_;
  Order order_;  // the latest first
  std::unordered_map<std::string, typename Order::iterator> by_key_;
};

}  // namespace elanus::server
