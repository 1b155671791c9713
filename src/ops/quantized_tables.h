// The tables behind quantized_kernels(): one per translation unit, each compiled for its own instruction set.
#pragma once
#include "ops/quantized.h"

namespace elanus::ops {

// Independent sums of QuantizedKernels::multiply_add: as many as hide the latency of an instruction on two
// ports.
inline constexpr size_t kIntegerChains = 12;

extern const QuantizedKernels portable_quantized;
extern const QuantizedKernels neon_quantized;          // on aarch64 only, as the next one;
extern const QuantizedKernels neon_dotprod_quantized;  // only to be entered where supports() says so
extern const QuantizedKernels avx2_quantized;  // on x86-64 only, as the next three; only to be entered where
extern const QuantizedKernels avx_vnni_quantized;  // supports() says so
extern const QuantizedKernels avx512_vnni_quantized;
extern const QuantizedKernels avx512_quantized;

}  // namespace elanus::ops
