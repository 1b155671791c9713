// The kernels in plain C++, for any CPU.
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/f16.h"
#include "ops/bits.h"
#include "ops/kernel_tables.h"

namespace elanus::ops {
namespace {

#include "ops/unroll.inc"

// 8 accumulators of the 16 vector registers of SSE2 (32 of NEON).
constexpr size_t kTileRows = 4;
constexpr size_t kMaxKBlock = 384;
constexpr size_t kMostRows = 112;

#include "ops/vec_portable.inc"
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

constexpr Kernels portable_kernels = {
    .level = CpuLevel::portable,
#include "ops/table.inc"
};

}  // namespace elanus::ops
