#include "ops/quantized.h"

#include "ops/quantized_tables.h"

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace elanus::ops {
namespace {

#if defined(__x86_64__)
// CPUID 7.1, which __builtin_cpu_supports of clang 14 does not know.
bool has_avx_vnni() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return supports(CpuLevel::avx2) && __get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) != 0 &&
         (eax & (1u << 4)) != 0;
}
bool has_avx512_vnni() { return supports(CpuLevel::avx512) && __builtin_cpu_supports("avx512vnni"); }
#else
bool has_avx_vnni() { return false; }
bool has_avx512_vnni() { return false; }
#endif

#if defined(__aarch64__)
bool has_neon_dotprod() { return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0; }
#else
bool has_neon_dotprod() { return false; }
#endif

}  // namespace

const char* to_string(IntegerLevel level) {
  switch (level) {
    case IntegerLevel::portable:
      return "portable";
    case IntegerLevel::neon:
      return "neon";
    case IntegerLevel::neon_dotprod:
      return "neon_dotprod";
    case IntegerLevel::avx2:
      return "avx2";
    case IntegerLevel::avx512:
      return "avx512";
    case IntegerLevel::avx_vnni:
      return "avx_vnni";
    case IntegerLevel::avx512_vnni:
      return "avx512_vnni";
  }
  return "portable";
}

bool supports(IntegerLevel level) {
  switch (level) {
    case IntegerLevel::portable:
      return true;
    case IntegerLevel::neon:
      return supports(CpuLevel::neon);
    case IntegerLevel::neon_dotprod:
      return has_neon_dotprod();
    case IntegerLevel::avx2:
      return supports(CpuLevel::avx2);
    case IntegerLevel::avx512:
      return supports(CpuLevel::avx512);
    case IntegerLevel::avx_vnni:
      return has_avx_vnni();
    case IntegerLevel::avx512_vnni:
      return has_avx512_vnni();
  }
  return false;
}

size_t QuantizedKernels::sums_per_round(Quantization kind) const {
  return kIntegerChains * lanes * (kind == Quantization::w7a8 ? 4 : 2);
}

const QuantizedKernels& quantized_kernels(IntegerLevel level) {
  if (!supports(level)) return portable_quantized;
  switch (level) {
#if defined(__x86_64__)
    case IntegerLevel::avx512_vnni:
      return avx512_vnni_quantized;
    case IntegerLevel::avx_vnni:
      return avx_vnni_quantized;
    case IntegerLevel::avx512:
      return avx512_quantized;
    case IntegerLevel::avx2:
      return avx2_quantized;
#elif defined(__aarch64__)
    case IntegerLevel::neon_dotprod:
      return neon_dotprod_quantized;
    case IntegerLevel::neon:
      return neon_quantized;
#endif
    default:
      return portable_quantized;
  }
}

const QuantizedKernels& quantized_kernels(CpuLevel level) {
  const auto first_of = [](IntegerLevel one, IntegerLevel other) -> const QuantizedKernels& {
    return quantized_kernels(supports(one) ? one : other);
  };
  switch (level) {
    case CpuLevel::avx512:
      return first_of(IntegerLevel::avx512_vnni, IntegerLevel::avx512);
    case CpuLevel::avx2:
      return first_of(IntegerLevel::avx_vnni, IntegerLevel::avx2);
    case CpuLevel::neon:
      return first_of(IntegerLevel::neon_dotprod, IntegerLevel::neon);
    case CpuLevel::portable:
      break;
  }
  return portable_quantized;
}

}  // namespace elanus::ops
