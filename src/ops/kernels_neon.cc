// The kernels of NEON, which every aarch64 has.
#if defined(__aarch64__)
#include <arm_neon.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "ops/bits.h"
#include "ops/kernel_tables.h"

namespace elanus::ops {
namespace {

#include "ops/unroll.inc"

// 16 accumulators, 2 weights and 1 broadcast of 32 registers.
constexpr size_t kTileRows = kSanitized ? 4 : 8;
constexpr size_t kMaxKBlock = 384;
constexpr size_t kMostRows = 112;

#include "ops/vec_neon.inc"
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

constexpr Kernels neon_kernels = {
    .level = CpuLevel::neon,
#include "ops/table.inc"
};

}  // namespace elanus::ops
#endif
