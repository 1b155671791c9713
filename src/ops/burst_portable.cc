#include <cstddef>
#include <cstdint>

#include "base/f16.h"
#include "ops/burst.h"

namespace elanus::ops {
namespace {

#include "ops/vec_portable.inc"
//
#include "ops/burst.inc"

}  // namespace

const Burst portable_burst = {2.0 * kChains * kWidth, multiply_add, read};

}  // namespace elanus::ops
