// How vectors extend in each direction.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace elanus::index {

// columns * columns^T / n for `columns` [dim][n], whose rows have a mean of 0: [dim][dim]. too_large when the
// system has no memory.
Result<std::vector<float>> covariance_of(std::span<const float> columns, uint32_t dim);

// Brings the mean of the diagonal to 1. Vectors that are all the same extend nowhere, and become 0.
void scale_to_one(std::span<float> covariance, uint32_t dim);

}  // namespace elanus::index
