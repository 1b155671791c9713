#include "index/rotation.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <random>

namespace elanus::index {
namespace {

// Four floats, in a register of whatever machine this is.
using Four = float __attribute__((vector_size(16)));

Four load(const float* from) {
  Four four;
  std::memcpy(&four, from, sizeof four);
  return four;
}
void store(float* to, Four four) { std::memcpy(to, &four, sizeof four); }

// Each pair and each pair of pairs within four neighbours, and the factor that keeps lengths.
void transform_neighbours(float* x, uint32_t n) {
  const float by = 1 / std::sqrt(static_cast<float>(n));
  const Four scale{by, by, by, by}, odd{1, -1, 1, -1}, upper{1, 1, -1, -1};
  for (uint32_t i = 0; i < n; i += 4) {
    Four v = load(x + i) * scale;
    v = __builtin_shufflevector(v, v, 0, 0, 2, 2) + __builtin_shufflevector(v, v, 1, 1, 3, 3) * odd;
    v = __builtin_shufflevector(v, v, 0, 1, 0, 1) + __builtin_shufflevector(v, v, 2, 3, 2, 3) * upper;
    store(x + i, v);
  }
}

void butterfly(float* a, float* b) {
  const Four x = load(a), y = load(b);
  store(a, x + y);
  store(b, x - y);
}

// The Walsh-Hadamard transform of n values, a power of two from 4 on, of length-keeping scale.
void transform(float* x, uint32_t n) {
  transform_neighbours(x, n);
  uint32_t h = 4;
  // Two levels at a time: half the loads and stores.
  for (; 4 * h <= n; h *= 4)
    for (uint32_t i = 0; i < n; i += 4 * h)
      for (uint32_t j = i; j < i + h; j += 4) {
        const Four a = load(x + j), b = load(x + j + h), c = load(x + j + 2 * h), d = load(x + j + 3 * h);
        const Four ab = a + b, a_b = a - b, cd = c + d, c_d = c - d;
        store(x + j, ab + cd);
        store(x + j + h, a_b + c_d);
        store(x + j + 2 * h, ab - cd);
        store(x + j + 3 * h, a_b - c_d);
      }
  for (; h < n; h *= 2)
    for (uint32_t i = 0; i < n; i += 2 * h)
      for (uint32_t j = i; j < i + h; j += 4) butterfly(x + j, x + j + h);
}

// Turns each pair (x[i], x[n - 1 - i]) by 45 degrees. Mirrored, because pairs half a window apart are what
// the transform's own last level turned.
void mix_ends(float* x, uint32_t n) {
  const float by = std::sqrt(0.5f);
  for (uint32_t i = 0; i < n / 2; ++i) {
    const float a = x[i], b = x[n - 1 - i];
    x[i] = (a + b) * by;
    x[n - 1 - i] = (a - b) * by;
  }
}

}  // namespace

Rotation::Rotation(uint32_t dim)
    : dim_(dim),
      window_(std::bit_floor(dim)),
      // Where the window has to be moved, each end is in it every other time.
      rounds_(window_ == dim ? 3 : 5),
      signs_(size_t{rounds_} * dim) {
  std::mt19937_64 random(0x656c616e7573);  // the standard says what it gives
  for (float& sign : signs_) sign = (random() >> 63) != 0 ? 1.0f : -1.0f;
}

void Rotation::apply(std::span<float> vector) const {
  float* x = vector.data();
  for (uint32_t round = 0; round < rounds_; ++round) {
    const float* signs = signs_.data() + size_t{round} * dim_;
    for (uint32_t i = 0; i < dim_; ++i) x[i] *= signs[i];
    transform(round % 2 == 0 ? x : x + dim_ - window_, window_);
    if (window_ != dim_) mix_ends(x, dim_);
  }
}

}  // namespace elanus::index
