// Compiled for an instruction set that this machine may lack: see kernels_avx512.cc.
#if defined(__x86_64__)
#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "ops/burst.h"

// GCC 12 takes the deliberately undefined operands of its own intrinsics for mistakes (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace elanus::ops {
namespace {

#include "ops/vec_avx512.inc"
//
#include "ops/burst.inc"

}  // namespace

const Burst avx512_burst = {2.0 * kChains * kWidth, multiply_add, read};

}  // namespace elanus::ops
#endif
