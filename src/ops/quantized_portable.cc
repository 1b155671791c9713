// The integer products in plain C++, for any CPU.
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/f16.h"
#include "ops/quantized_tables.h"

namespace elanus::ops {
namespace {

#include "ops/unroll.inc"

// The compiler spills more.
constexpr size_t kTileRows = 4;

#include "ops/vec_portable.inc"
//
#include "ops/ivec_portable.inc"
//
#include "ops/quantized_rows.inc"
//
#include "ops/quantized_matmul.inc"
//
#include "ops/quantized_burst.inc"
//
#include "ops/quantized_table.inc"

}  // namespace

constexpr QuantizedKernels portable_quantized = kernels_of(IntegerLevel::portable);

}  // namespace elanus::ops
