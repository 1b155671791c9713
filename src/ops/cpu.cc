#include "ops/cpu.h"

#include <string>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace elanus::ops {
namespace {

#if defined(__x86_64__)
bool has_f16c() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0 && (ecx & bit_F16C) != 0;
}

// __builtin_cpu_supports also asks XGETBV, so a register file that the operating system does not save counts
// as absent.
bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c(); }

bool has_avx512() {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#else
bool has_avx2() { return false; }
bool has_avx512() { return false; }
#endif

}  // namespace

const char* to_string(CpuLevel level) {
  switch (level) {
    case CpuLevel::portable:
      return "portable";
    case CpuLevel::neon:
      return "neon";
    case CpuLevel::avx2:
      return "avx2";
    case CpuLevel::avx512:
      return "avx512";
  }
  return "portable";
}

bool supports(CpuLevel level) {
  switch (level) {
    case CpuLevel::portable:
      return true;
    case CpuLevel::neon:
#if defined(__aarch64__)
      return true;
#else
      return false;
#endif
    case CpuLevel::avx2:
      return has_avx2();
    case CpuLevel::avx512:
      return has_avx512();
  }
  return false;
}

CpuLevel best_cpu_level() {
  if (supports(CpuLevel::avx512)) return CpuLevel::avx512;
  if (supports(CpuLevel::avx2)) return CpuLevel::avx2;
  return supports(CpuLevel::neon) ? CpuLevel::neon : CpuLevel::portable;
}

Result<CpuLevel> cpu_level(std::string_view name) {
  if (name.empty()) return best_cpu_level();
  for (const CpuLevel level : {CpuLevel::portable, CpuLevel::neon, CpuLevel::avx2, CpuLevel::avx512}) {
    if (name != to_string(level)) continue;
    if (supports(level)) return level;
    return Error(ErrorKind::unsupported, "this CPU cannot run the " + std::string(name) +
                                             " kernels; the best it has is " + to_string(best_cpu_level()));
  }
  return Error(ErrorKind::invalid_argument,
               "unknown CPU level \"" + std::string(name) + "\": expected portable, neon, avx2 or avx512");
}

}  // namespace elanus::ops
