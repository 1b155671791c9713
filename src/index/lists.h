// Lists: rows gathered about centres by k-means, so that a search can leave out those that lie far from its
// query. For collections of millions, where reading every code takes longer than a person should wait.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/thread_pool.h"
#include "index/codes.h"
#include "index/rows.h"

namespace elanus::index {

// Marks the places that the last block of a list has too many.
constexpr uint32_t kNoRow = UINT32_MAX;
constexpr uint32_t kMaxLists = 65536;

// Says whether a list still is what was written.
class ListGuard {
 public:
  virtual ~ListGuard() = default;
  // False when the list is damaged; the search passes over it and goes on. Thread-safe.
  virtual bool sound(uint32_t list) const = 0;
};

// Views of lists that lie elsewhere. A row's number counts through the first starts.size() - 1 parts of the
// collection; the rows of later parts are in no list.
struct Lists {
  uint32_t dim = 0;
  std::span<const uint16_t> centres;  // [n][dim] half floats
  std::span<const float> spread;      // [n]: mean square of a value of (row - centre)
  std::span<const uint16_t>
      covariance;                   // [dim][dim] half floats: of all (row - centre), mean 1 on the diagonal
  std::span<const uint32_t> begin;  // [n + 1]: the first block of each list, ascending from 0
  // For each block of 32 places the row numbers, and where the rows are coded, their codes: of each list all
  // rows, then all codes, list after list.
  std::span<const uint8_t> bodies;
  const Frame* frame = nullptr;  // of the codes; null: there are none
  std::span<const uint64_t> starts;
  const ListGuard* guard = nullptr;  // null: nothing to check

  uint32_t size() const { return static_cast<uint32_t>(spread.size()); }
  size_t blocks(uint32_t list) const { return begin[list + 1] - begin[list]; }
  std::span<const uint32_t> rows(uint32_t list) const;
  const uint8_t* codes(uint32_t list) const;
  std::span<const uint8_t> body(uint32_t list) const;
  bool sound(uint32_t list) const { return guard == nullptr || guard->sound(list); }
};

// The bytes of a block with its row numbers.
size_t list_block_bytes(uint32_t dim, bool coded);

// Where row `number` is; nothing for kNoRow, a number too large, or a row that is dead or not there.
struct RowPlace {
  uint32_t part, row;
};
bool find_row(const Lists& lists, std::span<const Rows> parts, uint32_t number, RowPlace& place);

// Lists that own what they show.
struct OwnedLists {
  std::vector<uint16_t> centres, covariance;
  std::vector<float> spread;
  std::vector<uint32_t> begin;
  std::vector<uint8_t> bodies;
  std::vector<uint64_t> starts;

  Lists view(uint32_t dim, const Frame* frame) const {
    return {dim, centres, spread, covariance, begin, bodies, frame, starts, nullptr};
  }
};

struct ListPlan {
  uint32_t lists = 0;  // 1..kMaxLists, and no more than rows
  uint32_t dim = 0;
  const Frame* frame = nullptr;  // codes by this frame are made; null: none are
};

// How many lists a collection of so many rows is best cut into.
uint32_t list_count(uint64_t rows);

// Gathers the living rows of `parts`. `go_on(done, all)` is called now and then, from this thread; false ends
// with `cancelled`. The same parts give the same lists. About rows * lists * dim multiplications.
Result<OwnedLists> gather(std::span<const Rows> parts, const ListPlan& plan, base::ThreadPool& pool,
                          const std::function<bool(uint64_t, uint64_t)>& go_on);

}  // namespace elanus::index
