// The tables behind scan_kernels(): one per translation unit, each compiled for its own instruction set.
#pragma once
#include "ops/code_scan.h"

namespace elanus::ops {

extern const ScanKernels portable_scan;
#if defined(__x86_64__)
extern const ScanKernels ssse3_scan;   // only to be entered where supports(ScanLevel::ssse3)
extern const ScanKernels avx2_scan;    // only to be entered where supports(ScanLevel::avx2)
extern const ScanKernels avx512_scan;  // only to be entered where supports(ScanLevel::avx512)
#endif

}  // namespace elanus::ops
