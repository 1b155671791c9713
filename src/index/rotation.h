// A random rotation of any dimension in O(dim log dim): rounds of random signs and a fast Walsh-Hadamard
// transform; where dim is no power of two, of its first and its last window in turn, and a butterfly between
// the halves. After it every direction of the data looks the same to a code that keeps one bit of each value
// (the transform of Ailon and Chazelle, The fast Johnson-Lindenstrauss transform, SIAM J. Computing 2009; two
// windows and a butterfly for other dimensions as in the authors' code of Gao and Long, RaBitQ, SIGMOD 2024).
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace elanus::index {

// Immutable. The same for the same dim, on every machine: codes on disk rely on it.
class Rotation {
 public:
  explicit Rotation(uint32_t dim);  // dim >= 4

  // dim values, in place: lengths and angles stay.
  void apply(std::span<float> vector) const;

 private:
  uint32_t dim_, window_, rounds_;  // window_: the largest power of two within dim
  std::vector<float> signs_;        // [rounds][dim], each 1 or -1
};

}  // namespace elanus::index
