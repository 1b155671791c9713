#include "ops/code_scan.h"

#include "ops/cpu.h"
#include "ops/scan_tables.h"

namespace elanus::ops {

const char* to_string(ScanLevel level) {
  switch (level) {
    case ScanLevel::portable:
      return "portable";
    case ScanLevel::neon:
      return "neon";
    case ScanLevel::ssse3:
      return "ssse3";
    case ScanLevel::avx2:
      return "avx2";
    case ScanLevel::avx512:
      return "avx512";
  }
  return "portable";
}

bool supports(ScanLevel level) {
  switch (level) {
    case ScanLevel::portable:
      return true;
    case ScanLevel::neon:
      return supports(CpuLevel::neon);
    case ScanLevel::ssse3:
#if defined(__x86_64__)
      return __builtin_cpu_supports("ssse3");
#else
      return false;
#endif
    case ScanLevel::avx2:
      return supports(CpuLevel::avx2);
    case ScanLevel::avx512:
      return supports(CpuLevel::avx512);
  }
  return false;
}

const ScanKernels& scan_kernels(ScanLevel level) {
  if (!supports(level)) return scan_kernels();
#if defined(__x86_64__)
  switch (level) {
    case ScanLevel::avx512:
      return avx512_scan;
    case ScanLevel::avx2:
      return avx2_scan;
    case ScanLevel::ssse3:
      return ssse3_scan;
    case ScanLevel::neon:
    case ScanLevel::portable:
      break;
  }
#elif defined(__aarch64__)
  if (level == ScanLevel::neon) return neon_scan;
#endif
  return portable_scan;
}

const ScanKernels& scan_kernels() {
  static const ScanKernels& best = [&]() -> const ScanKernels& {
    for (const auto level : {ScanLevel::avx512, ScanLevel::avx2, ScanLevel::ssse3, ScanLevel::neon})
      if (supports(level)) return scan_kernels(level);
    return portable_scan;
  }();
  return best;
}

}  // namespace elanus::ops
