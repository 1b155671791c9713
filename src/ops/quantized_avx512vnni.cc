// The integer products of AVX-512 VNNI. Compiled for an instruction set that this machine may lack: see
// kernels_avx2.cc.
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

// 28 accumulators, 2 weights and 1 broadcast of 32 registers.
constexpr size_t kTileRows = kSanitized ? 5 : 14;

#include "ops/vec_avx512.inc"
//
#include "ops/ivec_avx512.inc"

template <Quantization Q>
ELANUS_INLINE I dot(I sum, I a, I w) {
  sum = Q == Quantization::w7a8 ? _mm512_dpbusd_epi32(sum, a, w) : _mm512_dpwssd_epi32(sum, a, w);
  asm("" : "+v"(sum));  // else the compiler copies the tile between registers
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

constexpr QuantizedKernels avx512_vnni_quantized = kernels_of(IntegerLevel::avx512_vnni);

}  // namespace elanus::ops
#endif
