#include "store_local/view.h"

#include <algorithm>
#include <map>

namespace elanus::store_local {
namespace {

index::Rows scannable(const Part& part, std::span<const uint64_t> dead) {
  return {part.values, part.ids, dead, part.frame.get(), part.codes, part.guard.get()};
}

}  // namespace

Chunk::Chunk(uint32_t dim, size_t capacity)
    : dim_(dim),
      capacity_(capacity),
      // Not filled: memory that no row has reached yet costs nothing.
      slots_(new int64_t[capacity]),
      ids_(new int64_t[capacity]),
      values_(new uint16_t[capacity * dim]) {}

void Chunk::add(int64_t slot, int64_t id, std::span<const uint16_t> row) {
  slots_[size_] = slot;
  ids_[size_] = id;
  std::copy(row.begin(), row.end(), values_.get() + size_ * dim_);
  ++size_;
}

Part Chunk::part(const std::shared_ptr<Chunk>& self) {
  return {{self->slots_.get(), self->size_},
          {self->ids_.get(), self->size_},
          {self->values_.get(), self->size_ * self->dim_},
          self,
          nullptr,
          nullptr,
          {},
          nullptr};
}

void mark_dead(std::vector<Part>& parts, std::span<const int64_t> slots) {
  std::map<size_t, std::shared_ptr<Bits>> changed;
  for (const int64_t slot : slots) {
    const auto part = std::lower_bound(parts.begin(), parts.end(), slot,
                                       [](const Part& p, int64_t wanted) { return p.slots.back() < wanted; });
    if (part == parts.end()) continue;
    const auto row = std::lower_bound(part->slots.begin(), part->slots.end(), slot);
    if (row == part->slots.end() || *row != slot) continue;
    auto& bits = changed[static_cast<size_t>(part - parts.begin())];
    if (!bits) bits = part->dead ? std::make_shared<Bits>(*part->dead) : std::make_shared<Bits>();
    const auto index = static_cast<size_t>(row - part->slots.begin());
    bits->resize(std::max(bits->size(), part->slots.size() / 64 + 1));
    (*bits)[index / 64] |= uint64_t{1} << (index % 64);
  }
  for (auto& [index, bits] : changed) parts[index].dead = std::move(bits);
}

bool View::damaged() const {
  if (lists && lists->guard->damaged()) return true;
  return std::any_of(parts.begin(), parts.end(),
                     [](const Part& part) { return part.guard && part.guard->damaged(); });
}

std::vector<index::Rows> rows_of(std::span<const Part> parts) {
  std::vector<index::Rows> rows;
  rows.reserve(parts.size());
  for (const Part& part : parts)
    rows.push_back(
        scannable(part, part.dead ? std::span<const uint64_t>(*part.dead) : std::span<const uint64_t>()));
  return rows;
}

KeptRows::KeptRows(const View& view, std::span<const int64_t> slots) : count_(slots.size()) {
  dead_.reserve(view.parts.size());
  auto slot = slots.begin();
  for (const Part& part : view.parts) {
    slot = std::lower_bound(slot, slots.end(), part.slots.front());
    const auto end = std::upper_bound(slot, slots.end(), part.slots.back());
    if (slot == end) {
      rows_.push_back({});
      continue;
    }
    Bits& dead = dead_.emplace_back(part.slots.size() / 64 + 1, ~uint64_t{0});
    auto row = part.slots.begin();
    for (; slot != end; ++slot) {
      row = std::lower_bound(row, part.slots.end(), *slot);
      const auto index = static_cast<size_t>(row - part.slots.begin());
      if (row != part.slots.end() && *row == *slot) dead[index / 64] &= ~(uint64_t{1} << index % 64);
    }
    if (part.dead)
      for (size_t word = 0; word < std::min(dead.size(), part.dead->size()); ++word)
        dead[word] |= (*part.dead)[word];
    rows_.push_back(scannable(part, dead));
  }
}

}  // namespace elanus::store_local
