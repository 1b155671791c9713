// The scan of codes in plain C++: for any CPU, and what the others are compared with.
#include "ops/scan_tables.h"

namespace elanus::ops {
namespace {

struct Sums {
  uint16_t of[kBlockRows];
};

// By itself: inlined into the loop over blocks it takes twice as long (GCC 12).
__attribute__((noinline)) void add_up(const uint8_t* block, const CodeQuery& query, Sums& sums) {
  sums = {};
  for (size_t j = 0; j < query.code_bytes; ++j) {
    const uint8_t* lower = query.tables + table_offset(j, false);
    const uint8_t* upper = query.tables + table_offset(j, true);
    const uint8_t* codes = block + j * kBlockRows;
    if (j % 2 == 0) fetch_ahead(codes);
    for (size_t i = 0; i < kBlockRows; ++i)
      sums.of[i] = static_cast<uint16_t>(sums.of[i] + lower[codes[i] & 15] + upper[codes[i] >> 4]);
  }
}

Sums accumulate(const uint8_t* block, const CodeQuery& query) {
  Sums sums;
  add_up(block, query, sums);
  return sums;
}

uint32_t passing(const Sums& sums, const float* tail, const CodeQuery& query, float threshold,
                 float* bounds) {
  uint32_t passed = 0;
  for (size_t i = 0; i < kBlockRows; ++i) {
    const float estimate = query.scale * static_cast<float>(sums.of[i]) + query.offset;
    bounds[i] = tail[i] * estimate + tail[kBlockRows + i] * query.slope;
    passed |= static_cast<uint32_t>(bounds[i] >= threshold) << i;
  }
  return passed;
}

void sums(const uint8_t* block, const CodeQuery& query, uint16_t* out) {
  const Sums all = accumulate(block, query);
  for (size_t i = 0; i < kBlockRows; ++i) out[i] = all.of[i];
}

#include "ops/scan_blocks.inc"

}  // namespace

constexpr ScanKernels portable_scan = {ScanLevel::portable, sums, scan};

}  // namespace elanus::ops
