// The kernels of AVX2, FMA and F16C. Compiled for an instruction set that this machine may lack, so
// everything is in an unnamed namespace and nothing here calls an inline function of another header: the
// linker keeps one copy of such a function for the whole program, and it could be this file's.
#if defined(__x86_64__)
#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "ops/bits.h"
#include "ops/kernel_tables.h"

namespace elanus::ops {
namespace {

#include "ops/unroll.inc"

// 12 accumulators, 2 weights and 1 broadcast of 16 registers.
constexpr size_t kTileRows = 6;
constexpr size_t kMaxKBlock = 384;
constexpr size_t kMostRows = 112;

#include "ops/vec_avx2.inc"
//
#include "ops/rows.inc"
//
#include "ops/half.inc"
//
#include "ops/range.inc"
//
#include "ops/matmul.inc"
//
#include "ops/attention.inc"
//
#include "ops/winograd.inc"

}  // namespace

constexpr Kernels avx2_kernels = {
    .level = CpuLevel::avx2,
#include "ops/table.inc"
};

}  // namespace elanus::ops
#endif
