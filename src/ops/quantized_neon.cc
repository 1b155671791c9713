// The integer products of NEON, which every aarch64 has.
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

// Pairs of 128 * 63 fit 16 bits.
template <Quantization Q>
ELANUS_INLINE I dot(I sum, I a, const W<Q>& w) {
  if constexpr (Q == Quantization::w7a8) {
    const int8x16_t x = vreinterpretq_s8_s32(a);
    const int16x8_t low = vmull_s8(vget_low_s8(x), vget_low_s8(w)), high = vmull_high_s8(x, w);
    return vpadalq_s16(sum, vpaddq_s16(low, high));
  } else {
    return dot_pairs(sum, a, w);
  }
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

constexpr QuantizedKernels neon_quantized = kernels_of(IntegerLevel::neon);

}  // namespace elanus::ops
#endif
