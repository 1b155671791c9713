#include "index/lists.h"

#include <algorithm>

namespace elanus::index {
namespace {

constexpr size_t kRefBytes = ops::kBlockRows * sizeof(uint32_t);

}  // namespace

size_t list_block_bytes(uint32_t dim, bool coded) {
  return kRefBytes + (coded ? ops::block_bytes(code_bytes(dim)) : 0);
}

std::span<const uint8_t> Lists::body(uint32_t list) const {
  const size_t block = list_block_bytes(dim, frame != nullptr);
  return bodies.subspan(begin[list] * block, blocks(list) * block);
}

std::span<const uint32_t> Lists::rows(uint32_t list) const {
  return {reinterpret_cast<const uint32_t*>(body(list).data()), blocks(list) * ops::kBlockRows};
}

const uint8_t* Lists::codes(uint32_t list) const { return body(list).data() + blocks(list) * kRefBytes; }

bool find_row(const Lists& lists, std::span<const Rows> parts, uint32_t number, RowPlace& place) {
  if (number >= lists.starts.back()) return false;
  const auto next = std::upper_bound(lists.starts.begin(), lists.starts.end(), uint64_t{number});
  place.part = static_cast<uint32_t>(next - lists.starts.begin()) - 1;
  place.row = static_cast<uint32_t>(number - lists.starts[place.part]);
  const Rows& part = parts[place.part];
  return place.row < part.keys.size() && !part.is_dead(place.row);
}

uint32_t list_count(uint64_t rows) {
  // Reading the centres should cost about as much as reading the lists that are wanted.
  uint64_t lists = 16;
  while (lists * lists < 6 * rows && lists < kMaxLists) lists *= 2;
  return static_cast<uint32_t>(lists);
}

}  // namespace elanus::index
