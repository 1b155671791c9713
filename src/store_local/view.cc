#include "store_local/view.h"

#include <algorithm>
#include <bit>
#include <map>
#include <memory>

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
      values_(new uint16_t[capacity * dim]),
      known_(std::allocator<store::Picture>().allocate(capacity)) {}

Chunk::~Chunk() {
  std::destroy_n(known_, size_);
  std::allocator<store::Picture>().deallocate(known_, capacity_);
}

void Chunk::add(const StoredRow& row) {
  slots_[size_] = row.slot;
  ids_[size_] = row.id;
  std::copy(row.values.begin(), row.values.end(), values_.get() + size_ * dim_);
  std::construct_at(known_ + size_, row.known);
  ++size_;
}

Part Chunk::part(const std::shared_ptr<Chunk>& self) {
  Part part;
  part.slots = {self->slots_.get(), self->size_};
  part.ids = {self->ids_.get(), self->size_};
  part.values = {self->values_.get(), self->size_ * self->dim_};
  part.known = {self->known_, self->size_};
  part.owner = self;
  return part;
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

Kept rows_at(const View& view, std::span<const int64_t> slots) {
  Kept kept;
  auto slot = slots.begin();
  for (const Part& part : view.parts) {
    Bits& bits = kept.emplace_back(part.slots.size() / 64 + 1);
    slot = std::lower_bound(slot, slots.end(), part.slots.front());
    const auto end = std::upper_bound(slot, slots.end(), part.slots.back());
    auto row = part.slots.begin();
    for (; slot != end; ++slot) {
      if (*slot < *row) continue;
      // Slots mostly have no gaps.
      const auto guess = std::min<ptrdiff_t>(*slot - *row, part.slots.end() - row - 1);
      if (row[guess] == *slot)
        row += guess;
      else
        row = std::lower_bound(row, part.slots.end(), *slot);
      const auto index = static_cast<size_t>(row - part.slots.begin());
      if (*row == *slot) bits[index / 64] |= uint64_t{1} << index % 64;
    }
  }
  return kept;
}

KeptRows::KeptRows(const View& view, Kept kept) : dead_(std::move(kept)) {
  for (size_t i = 0; i < view.parts.size(); ++i) {
    const Part& part = view.parts[i];
    uint64_t count = 0;
    for (size_t word = 0; word < dead_[i].size(); ++word) {
      uint64_t& bits = dead_[i][word];
      if (part.dead && word < part.dead->size()) bits &= ~(*part.dead)[word];
      count += static_cast<uint64_t>(std::popcount(bits));
      bits = ~bits;
    }
    count_ += count;
    rows_.push_back(count == 0 ? index::Rows{} : scannable(part, dead_[i]));
  }
}

}  // namespace elanus::store_local
