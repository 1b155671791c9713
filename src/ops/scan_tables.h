// The tables behind scan_kernels(): one per translation unit, each compiled for its own instruction set.
#pragma once
#include "ops/code_scan.h"

namespace elanus::ops {

// For each cache line of codes once, as it is read. The processor fetches ahead by itself, but starts anew at
// every page; a whole block's lines asked for at once would hold up the loads behind them.
static inline void fetch_ahead(const uint8_t* codes) { __builtin_prefetch(codes + 8192); }

extern const ScanKernels portable_scan;
#if defined(__x86_64__)
extern const ScanKernels ssse3_scan;   // only to be entered where supports(ScanLevel::ssse3)
extern const ScanKernels avx2_scan;    // only to be entered where supports(ScanLevel::avx2)
extern const ScanKernels avx512_scan;  // only to be entered where supports(ScanLevel::avx512)
#elif defined(__aarch64__)
extern const ScanKernels neon_scan;
#endif

}  // namespace elanus::ops
