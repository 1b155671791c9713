// The integer products of AVX-512 without VNNI. Compiled for an instruction set that this machine may lack:
// see kernels_avx2.cc.
#if defined(__x86_64__)
#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "ops/quantized_tables.h"

// GCC 12 takes the deliberately undefined operands of its own intrinsics for mistakes (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

namespace elanus::ops {
namespace {

#include "ops/unroll.inc"

// 28 accumulators, 2 weights, 1 broadcast and 1 product of 32 registers.
constexpr size_t kTileRows = kSanitized ? 5 : 14;

#include "ops/vec_avx512.inc"
//
#include "ops/ivec_avx512.inc"

// As in quantized_avx2.cc.
template <Quantization Q>
ELANUS_INLINE I dot(I sum, I a, I w) {
  I products;
  if constexpr (Q == Quantization::w7a8)
    products = _mm512_madd_epi16(_mm512_maddubs_epi16(a, w), _mm512_set1_epi16(1));
  else
    products = _mm512_madd_epi16(a, w);
  asm("vpaddd %1, %0, %0" : "+v"(sum) : "v"(products));
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

constexpr QuantizedKernels avx512_quantized = kernels_of(IntegerLevel::avx512);

}  // namespace elanus::ops
#endif
