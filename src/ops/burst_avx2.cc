// Compiled for an instruction set that this machine may lack: see kernels_avx2.cc.
#if defined(__x86_64__)
#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "ops/burst.h"

namespace elanus::ops {
namespace {

#include "ops/vec_avx2.inc"
//
#include "ops/burst.inc"

}  // namespace

const Burst avx2_burst = {2.0 * kChains * kWidth, multiply_add, read};

}  // namespace elanus::ops
#endif
