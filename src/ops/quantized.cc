#include "ops/quantized.h"

#include "ops/quantized_tables.h"

#if defined(__x86_64__)
#include <cpuid.h>
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

}  // namespace

const char* to_string(IntegerLevel level) {
  switch (level) {
    case IntegerLevel::portable:
      return "portable";
    case IntegerLevel::avx2:
      return "avx2";
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
    case IntegerLevel::avx2:
      return supports(CpuLevel::avx2);
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
#if defined(__x86_64__)
  if (!supports(level)) return portable_quantized;
  switch (level) {
    case IntegerLevel::avx512_vnni:
      return avx512_vnni_quantized;
    case IntegerLevel::avx_vnni:
      return avx_vnni_quantized;
    case IntegerLevel::avx2:
      return avx2_quantized;
    case IntegerLevel::portable:
      break;
  }
#endif
  static_cast<void>(level);
  return portable_quantized;
}

const QuantizedKernels& quantized_kernels(CpuLevel level) {
  if (level == CpuLevel::portable) return portable_quantized;
  if (level == CpuLevel::avx512 && supports(IntegerLevel::avx512_vnni))
    return quantized_kernels(IntegerLevel::avx512_vnni);
  return quantized_kernels(supports(IntegerLevel::avx_vnni) ? IntegerLevel::avx_vnni : IntegerLevel::avx2);
}

}  // namespace elanus::ops
