// What is known about a cloud of vectors as a whole, so that one bit of each value says much about each:
// where its centre is and in which directions it extends. Statistics of a sample; nothing is trained.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "index/rotation.h"

namespace elanus::index {

// Vectors of other dimensions are compared one by one: below, a code is no smaller than it is worth; above,
// the statistics (dim * dim) cost more than they give.
constexpr uint32_t kMinCodedDim = 128, kMaxCodedDim = 2048;
constexpr bool can_be_coded(uint32_t dim) { return dim >= kMinCodedDim && dim <= kMaxCodedDim; }

// More rows than this say nothing new.
constexpr size_t kFrameSample = 8192;

// Immutable once made. Everything is in rotated space: y = rotation(x) - centre.
struct Frame {
  Rotation rotation;
  std::vector<float> centre;         // [dim]
  std::vector<uint16_t> covariance;  // [dim][dim] half floats: of y, scaled to a mean of 1 on the diagonal
  // [dim][dim] half floats: covariance (covariance + noise)^-1, the Wiener filter against the rounding of y
  // to one bit a value, whose noise is kCodeNoise in every direction.
  std::vector<uint16_t> shrink;

  uint32_t dim() const { return static_cast<uint32_t>(centre.size()); }

  // From n >= 1 rows of dim half floats, can_be_coded(dim). O(n dim^2 + dim^3): about 0.2 s for 8192 of 512.
  // too_large when the system has no memory.
  static Result<Frame> learn(uint32_t dim, std::span<const uint16_t> rows);
};

// The part of a rotated vector's squared length that its signs, scaled best, do not tell: 1 - 2 / pi of that
// of the scaled signs, or pi / 2 - 1 of its own.
constexpr float kCodeNoise = 0.5707963f;

}  // namespace elanus::index
