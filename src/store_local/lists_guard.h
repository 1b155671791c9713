// Checks the lists of a mapped file when they are first looked into: a search looks into few of them.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>

#include "index/lists.h"
#include "store_local/index_format.h"

namespace elanus::store_local {

// Thread-safe. The mapping outlives it.
class ListsGuard final : public index::ListGuard {
 public:
  // `before`, if not null, guarded the same lists in another mapping: what it has checked stays checked.
  explicit ListsGuard(const ListsBytes& lists, const ListsGuard* before = nullptr)
      : lists_(lists), checked_(new std::atomic<bool>[lists.checks.size()]()) {
    for (size_t i = 0; before != nullptr && i < lists.checks.size(); ++i)
      checked_[i] = before->checked_[i].load();
  }

  bool sound(uint32_t list) const override {
    if (checked_[list].load(std::memory_order_relaxed)) return true;
    const size_t block = lists_.bodies.size() / lists_.blocks, from = lists_.begin[list];
    const size_t blocks = lists_.begin[list + 1] - from;
    if (list_check(lists_.bodies.subspan(from * block, blocks * block)) != lists_.checks[list]) {
      damaged_.store(true, std::memory_order_relaxed);
      return false;
    }
    checked_[list].store(true, std::memory_order_relaxed);
    return true;
  }

  bool all_sound() const {
    bool all = true;
    for (uint32_t list = 0; list < lists_.checks.size(); ++list) all = sound(list) && all;
    return all;
  }

  // Whether a damaged list was met.
  bool damaged() const { return damaged_.load(std::memory_order_relaxed); }

 private:
  const ListsBytes lists_;
  const std::unique_ptr<std::atomic<bool>[]> checked_;
  mutable std::atomic<bool> damaged_{false};
};

}  // namespace elanus::store_local
