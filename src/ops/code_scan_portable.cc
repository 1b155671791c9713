// The scan of codes in plain C++: for any CPU, and what the others are compared with.
#include "ops/scan_tables.h"

namespace elanus::ops {
namespace {

// By itself: inlined into the loop over blocks it takes twice as long (GCC 12).
__attribute__((noinline)) void sums(const uint8_t* block, const CodeQuery& query, uint16_t* out) {
  for (size_t i = 0; i < kBlockRows; ++i) out[i] = 0;
  for (size_t j = 0; j < query.code_bytes; ++j) {
    const uint8_t* lower = query.tables + table_offset(j, false);
    const uint8_t* upper = query.tables + table_offset(j, true);
    const uint8_t* codes = block + j * kBlockRows;
    if (j % 2 == 0) fetch_ahead(codes);
    for (size_t i = 0; i < kBlockRows; ++i)
      out[i] = static_cast<uint16_t>(out[i] + lower[codes[i] & 15] + upper[codes[i] >> 4]);
  }
}

uint32_t passing(const uint8_t* block, const float* tail, const CodeQuery& query, float threshold,
                 float* bounds) {
  uint16_t sum[kBlockRows];
  sums(block, query, sum);
  uint32_t passed = 0;
  for (size_t i = 0; i < kBlockRows; ++i) {
    const float estimate = query.scale * static_cast<float>(sum[i]) + query.offset;
    bounds[i] = tail[i] * estimate + tail[kBlockRows + i] * query.slope;
    passed |= static_cast<uint32_t>(bounds[i] >= threshold) << i;
  }
  return passed;
}

#include "ops/scan_blocks.inc"

}  // namespace

constexpr ScanKernels portable_scan = {ScanLevel::portable, sums, scan};

}  // namespace elanus::ops
