// The integer products of AVX2. Compiled for an instruction set that this machine may lack: see
// kernels_avx2.cc.
#if defined(__x86_64__)
#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "ops/quantized_tables.h"

namespace elanus::ops {
namespace {

#include "ops/unroll.inc"

// 12 accumulators, 2 weights, 1 broadcast and 1 product of 16 registers.
constexpr size_t kTileRows = kSanitized ? 2 : 6;

#include "ops/vec_avx2.inc"
//
#include "ops/ivec_avx2.inc"

// Pairs of 255 * 63 fit 16 bits, so the first sum does not saturate.
template <Quantization Q>
ELANUS_INLINE I dot(I sum, I a, I w) {
  I products;
  if constexpr (Q == Quantization::w7a8)
    products = _mm256_madd_epi16(_mm256_maddubs_epi16(a, w), _mm256_set1_epi16(1));
  else
    products = _mm256_madd_epi16(a, w);
  // Written so, or the compiler adds the products of several steps first, and spills them.
  asm("vpaddd %1, %0, %0" : "+x"(sum) : "x"(products));
  return sum;
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

constexpr QuantizedKernels avx2_quantized = kernels_of(IntegerLevel::avx2);

}  // namespace elanus::ops
#endif
