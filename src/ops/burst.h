// The two loops of machine.cc, compiled for each level.
#pragma once
#include <cstddef>

namespace elanus::ops {

struct Burst {
  double flops_per_round;
  float (*multiply_add)(size_t rounds);
  float (*read)(const float* from, size_t n);  // n a multiple of 128
};

extern const Burst portable_burst;
extern const Burst avx2_burst;    // on x86-64 only
extern const Burst avx512_burst;  // likewise

}  // namespace elanus::ops
