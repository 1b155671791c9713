// The integer products of AVX-VNNI. Compiled for an instruction set that this machine may lack: see
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

// 12 accumulators, 2 weights and 1 broadcast of 16 registers.
constexpr size_t kTileRows = kSanitized ? 2 : 6;

#include "ops/vec_avx2.inc"
//
#include "ops/ivec_avx2.inc"

template <Quantization Q>
ELANUS_INLINE I dot(I sum, I a, I w) {
  sum = Q == Quantization::w7a8 ? _mm256_dpbusd_avx_epi32(sum, a, w) : _mm256_dpwssd_avx_epi32(sum, a, w);
  asm("" : "+x"(sum));  // else the compiler copies the tile between registers
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

constexpr QuantizedKernels avx_vnni_quantized = kernels_of(IntegerLevel::avx_vnni);

}  // namespace elanus::ops
#endif
