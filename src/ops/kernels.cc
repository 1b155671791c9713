#include "ops/kernels.h"

#include "ops/kernel_tables.h"

namespace elanus::ops {

const Kernels& kernels(CpuLevel level) {
  if (!supports(level)) level = best_cpu_level();
#if defined(__x86_64__)
  switch (level) {
    case CpuLevel::avx512:
      return avx512_kernels;
    case CpuLevel::avx2:
      return avx2_kernels;
    case CpuLevel::neon:
    case CpuLevel::portable:
      break;
  }
#elif defined(__aarch64__)
  if (level == CpuLevel::neon) return neon_kernels;
#endif
  return portable_kernels;
}

const Kernels& kernels() {
  static const Kernels& best = kernels(best_cpu_level());
  return best;
}

}  // namespace elanus::ops
