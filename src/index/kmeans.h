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
  // With those of the nearest groups of centres only:
  quick,  // an eighth of the groups. One row in twenty gets a centre that is not the nearest: enough to train
          // centres, too many for lists, where such a row lies far from all that a query for it looks into
  close,  // three eighths: one row in five hundred
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
  // Centres that rows are compared with at once.
  struct Crowd {
    ops::PackedMatrix packed;
    std::vector<float> half_squares;  // |c|^2 / 2
    std::vector<uint32_t> numbers;    // which centres they are, ascending
  };
  void compare(const Crowd& crowd, const float* rows, size_t n, Desk& desk) const;
  void take_nearest(const Crowd& crowd, size_t i, const Desk& desk, Found& best) const;
  void find_some(const RowSource& row, size_t begin, size_t end, std::span<Found> found, Desk& desk) const;
  Result<Crowd> crowd(std::span<const uint16_t> centres, std::span<const uint32_t> numbers) const;
  Result<void> make_groups(std::span<const uint16_t> centres);

  uint32_t dim_ = 0;
  Crowd all_;                  // exact: all centres; else those of the groups
  std::vector<Crowd> groups_;  // not exact
  size_t looked_ = 0;          // groups that a row looks into
  base::ThreadPool* pool_ = nullptr;
};

// The centres of n rows after `rounds` rounds, which begin at rows spread evenly over the source: [k][dim]
// half floats. k <= n. A centre that loses all its rows takes half of those of the largest.
Result<std::vector<uint16_t>> train_centres(const RowSource& row, size_t n, uint32_t k, uint32_t dim,
                                            int rounds, Nearness nearness, base::ThreadPool& pool,
                                            const std::function<bool(int round)>& go_on);

}  // namespace elanus::index
