// The tables behind kernels(): one per translation unit, each compiled for its own instruction set.
#pragma once
#include "ops/kernels.h"

namespace elanus::ops {

extern const Kernels portable_kernels;
#if defined(__x86_64__)
extern const Kernels avx2_kernels;    // only to be entered where supports(CpuLevel::avx2)
extern const Kernels avx512_kernels;  // only to be entered where supports(CpuLevel::avx512)
#elif defined(__aarch64__)
extern const Kernels neon_kernels;
#endif

}  // namespace elanus::ops
