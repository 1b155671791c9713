// Which instructions this machine has, and therefore which kernels run.
#pragma once
#include <string_view>

#include "base/result.h"

namespace elanus::ops {

enum class CpuLevel {
  portable,  // plain C++: whatever the compiler's baseline is
  neon,      // every aarch64
  avx2,      // AVX2, FMA and F16C: x86-64 since 2013 (Haswell), 2017 (Zen)
  avx512,    // AVX-512 F, BW, DQ and VL: Skylake-SP, Ice Lake, Zen 4 and later
};

// "portable", "neon", "avx2", "avx512".
const char* to_string(CpuLevel level);

// True when this CPU and its operating system can run kernels of that level.
bool supports(CpuLevel level);

// The highest level that this machine supports.
CpuLevel best_cpu_level();

// A level by name; "" means the best. invalid_argument for an unknown name, unsupported when this machine
// lacks it.
Result<CpuLevel> cpu_level(std::string_view name);

}  // namespace elanus::ops
