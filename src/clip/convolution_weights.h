// From a checkpoint's convolutions to what the convolutional tower computes with.
#pragma once
#include <array>
#include <string>

#include "base/result.h"
#include "clip/transformer_weights.h"

namespace elanus::clip {

// The convolution "<name>.weight" [n, channels, height, width] with the batch norm `norm` ("<norm>.weight",
// ".bias",
// ".running_mean", ".running_var") folded into it.
struct NormedConvolution {
  std::string name, norm;
  std::array<size_t, 4> shape;
  float eps = 0;
};

// Its inputs are in the order [height][width][channels].
Result<Weights> load_unfolded(const WeightSource& source, const NormedConvolution& convolution);

// One of 3 x 3, as ops::winograd3x3 takes it: a PackedMatrix whatever the source's precision.
Result<Weights> load_winograd(const WeightSource& source, const NormedConvolution& convolution);

}  // namespace elanus::clip
