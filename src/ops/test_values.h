// What the tests of the kernels feed them.
#pragma once
#include <cstddef>
#include <limits>
#include <random>
#include <vector>

namespace elanus::ops {

inline constexpr float kEpsilon = std::numeric_limits<float>::epsilon();

// n values of a normal distribution around 0; the same for the same seed.
inline std::vector<float> random_values(size_t n, unsigned seed, float spread = 1.0f) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal(0.0f, spread);
  std::vector<float> values(n);
  for (float& value : values) value = normal(generator);
  return values;
}

}  // namespace elanus::ops
