// k-means (Lloyd 1982) over unit vectors: the centres of lists, and which of them is nearest to a row.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/thread_pool.h"
#include "ops/packed_matrix.h"

namespace elanus::index {

// Writes row i of some rows, dim half floats, to `out`. Called from several threads at once.
using RowSource = std::function<const uint16_t*(size_t i)>;

enum class Nearness {
  exact,  // each row with each centre
  quick,  // with those of the nearest few groups of centres: now and then the second nearest, in a tenth of
          // the time
};

// Finds, for many rows at once, the centre with the smallest Euclidean distance; of equal ones the first.
class NearestCentre {
 public:
  // `centres`: [n][dim] half floats, n >= 1. too_large when the system has no memory.
  static Result<NearestCentre> prepare(std::span<const uint16_t> centres, uint32_t dim, Nearness nearness,
                                       base::ThreadPool& pool);

  struct Found {
    uint32_t centre;
    float square;  // of the distance
  };
  // For rows 0 .. n - 1 of the source, each of length 1. `go_on(rows done)` is called now and then, from this
  // thread; false ends with `cancelled`.
  Result<void> find(const RowSource& row, size_t n, std::span<Found> found,
                    const std::function<bool(size_t)>& go_on) const;

 private:
  struct Desk;
  void compare_with_all(const RowSource& row, size_t begin, size_t end, std::span<Found> found,
                        Desk& desk) const;
  void compare_with_groups(const RowSource& row, size_t begin, size_t end, std::span<Found> found,
                           Desk& desk) const;
  Result<void> make_groups(std::span<const uint16_t> centres);

  uint32_t dim_ = 0;
  size_t centres_ = 0;
  std::vector<float> half_squares_;          // [centres]: |c|^2 / 2
  ops::PackedMatrix packed_;                 // exact
  struct Groups {                            // quick
    std::vector<uint16_t> centres, members;  // [groups][dim]; [centres][dim], group by group
    std::vector<float> half_squares;         // of `centres`
    std::vector<uint32_t> begin, member_of;  // [groups + 1]; which centre each of `members` is
    uint32_t largest = 0;
  } groups_;
  base::ThreadPool* pool_ = nullptr;
};

// The centres of n rows after `rounds` rounds, which begin at rows spread evenly over the source: [k][dim]
// half floats. k <= n. A centre that loses all its rows takes half of those of the largest.
Result<std::vector<uint16_t>> train_centres(const RowSource& row, size_t n, uint32_t k, uint32_t dim,
                                            int rounds, Nearness nearness, base::ThreadPool& pool,
                                            const std::function<bool(int round)>& go_on);

}  // namespace elanus::index
