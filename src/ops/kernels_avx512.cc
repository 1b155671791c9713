// The kernels of AVX-512. Compiled for an instruction set that this machine may lack, so everything is in an
// unnamed namespace and nothing here calls an inline function of another header: the linker keeps one copy of
// such a function for the whole program, and it could be this file's.
#if defined(__x86_64__)
#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "ops/bits.h"
#include "ops/kernel_tables.h"

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
constexpr size_t kMaxKBlock = 384;
constexpr size_t kMostRows = 256;  // 384 KiB: these CPUs have a MiB of L2 cache

#include "ops/vec_avx512.inc"
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

constexpr Kernels avx512_kernels = {
    .level = CpuLevel::avx512,
#include "ops/table.inc"
};

}  // namespace elanus::ops
#endif
