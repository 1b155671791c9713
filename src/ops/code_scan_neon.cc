// The scan of codes with NEON, which every aarch64 has.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "ops/scan_tables.h"

namespace elanus::ops {
namespace {

// Of rows 0..15 and 16..31: the 16-bit sums of even rows and of odd rows.
struct Sums {
  uint16x8_t even[2], odd[2];
};

inline Sums accumulate(const uint8_t* block, const CodeQuery& query) {
  const uint8x16_t nibble = vdupq_n_u8(15);
  uint16x8_t mixed[2] = {vdupq_n_u16(0), vdupq_n_u16(0)}, odd[2] = {mixed[0], mixed[0]};
  for (size_t j = 0; j < query.code_bytes; j += 4) {
    uint8x16_t bytes[2] = {vdupq_n_u8(0), vdupq_n_u8(0)};
    for (size_t u = j; u < j + 4; ++u) {
      const uint8_t* codes = block + u * kBlockRows;
      if (u % 2 == 0) fetch_ahead(codes);
      const uint8x16_t lower = vld1q_u8(query.tables + table_offset(u, false));
      const uint8x16_t upper = vld1q_u8(query.tables + table_offset(u, true));
      for (size_t half = 0; half < 2; ++half) {
        const uint8x16_t code = vld1q_u8(codes + half * 16);
        bytes[half] = vaddq_u8(bytes[half], vqtbl1q_u8(lower, vandq_u8(code, nibble)));
        bytes[half] = vaddq_u8(bytes[half], vqtbl1q_u8(upper, vshrq_n_u8(code, 4)));
      }
    }
    for (size_t half = 0; half < 2; ++half) {
      const uint16x8_t pairs = vreinterpretq_u16_u8(bytes[half]);
      mixed[half] = vaddq_u16(mixed[half], pairs);
      odd[half] = vsraq_n_u16(odd[half], pairs, 8);
    }
  }
  Sums sums;
  for (size_t half = 0; half < 2; ++half) {
    sums.even[half] = vsubq_u16(mixed[half], vshlq_n_u16(odd[half], 8));
    sums.odd[half] = odd[half];
  }
  return sums;
}

// The sums of rows 8 * part .. 8 * part + 7.
inline uint16x8_t eight(const Sums& sums, size_t part) {
  return part % 2 == 0 ? vzip1q_u16(sums.even[part / 2], sums.odd[part / 2])
                       : vzip2q_u16(sums.even[part / 2], sums.odd[part / 2]);
}

inline uint32_t passing(const Sums& sums, const float* tail, const CodeQuery& query, float threshold,
                        float* bounds) {
  const float32x4_t scale = vdupq_n_f32(query.scale), offset = vdupq_n_f32(query.offset);
  const float32x4_t slope = vdupq_n_f32(query.slope), least = vdupq_n_f32(threshold);
  const uint32_t lanes[4] = {1, 2, 4, 8};
  const uint32x4_t bit = vld1q_u32(lanes);
  uint32_t passed = 0;
  for (size_t part = 0; part < 8; ++part) {
    const uint16x8_t both = eight(sums, part / 2);
    const uint32x4_t four = vmovl_u16(part % 2 == 0 ? vget_low_u16(both) : vget_high_u16(both));
    // Not fused: all levels give the same bits.
    const float32x4_t estimate = vaddq_f32(vmulq_f32(scale, vcvtq_f32_u32(four)), offset);
    const float32x4_t bound = vaddq_f32(vmulq_f32(vld1q_f32(tail + part * 4), estimate),
                                        vmulq_f32(vld1q_f32(tail + kBlockRows + part * 4), slope));
    vst1q_f32(bounds + part * 4, bound);
    passed |= vaddvq_u32(vandq_u32(vcgeq_f32(bound, least), bit)) << part * 4;
  }
  return passed;
}

void sums(const uint8_t* block, const CodeQuery& query, uint16_t* out) {
  const Sums all = accumulate(block, query);
  for (size_t part = 0; part < 4; ++part) vst1q_u16(out + part * 8, eight(all, part));
}

#include "ops/scan_blocks.inc"

}  // namespace

constexpr ScanKernels neon_scan = {ScanLevel::neon, sums, scan};

}  // namespace elanus::ops
#endif
