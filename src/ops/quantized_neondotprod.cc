// The integer products of NEON with dot products. Compiled for instructions that this machine may lack: see
// kernels_avx2.cc.
#if defined(__aarch64__)
#include <arm_neon.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "ops/quantized_tables.h"

namespace elanus::ops {
namespace {

#include "ops/unroll.inc"

// 16 accumulators, 4 halves of weights and 1 broadcast of 32 registers.
constexpr size_t kTileRows = kSanitized ? 4 : 8;

#include "ops/vec_neon.inc"
//
#include "ops/ivec_neon.inc"

template <Quantization Q>
ELANUS_INLINE I dot(I sum, I a, const W<Q>& w) {
  if constexpr (Q == Quantization::w7a8)
    return vdotq_s32(sum, vreinterpretq_s8_s32(a), w);
  else
    return dot_pairs(sum, a, w);
}
//
#include "ops/quantized_rows.inc"
//
#include "ops/quantized_matmul.inc"
//
#include "ops/quantized_burst.inc"
//
#include "ops/quantized_table.inc"

}  // namespace

constexpr QuantizedKernels neon_dotprod_quantized = kernels_of(IntegerLevel::neon_dotprod);

}  // namespace elanus::ops
#endif
