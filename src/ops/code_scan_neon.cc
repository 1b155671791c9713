// The scan of codes with NEON, which every aarch64 has.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "ops/scan_tables.h"

namespace elanus::ops {
namespace {

#include "ops/vec_neon.inc"

using B = uint8x16_t;
constexpr size_t kBytes = 16;

inline uint16x8_t words_of(B a) { return vreinterpretq_u16_u8(a); }
inline B bytes_of(uint16x8_t a) { return vreinterpretq_u8_u16(a); }

inline B no_bytes() { return vdupq_n_u8(0); }
inline B load_table(const uint8_t* p) { return vld1q_u8(p); }
inline B load_codes(const uint8_t* p) { return vld1q_u8(p); }
inline B lower_nibbles(B a) { return vandq_u8(a, vdupq_n_u8(15)); }
inline B upper_nibbles(B a) { return vshrq_n_u8(a, 4); }
inline B look_up(B table, B at) { return vqtbl1q_u8(table, at); }
inline B add_bytes(B a, B b) { return vaddq_u8(a, b); }
inline B add_words(B a, B b) { return bytes_of(vaddq_u16(words_of(a), words_of(b))); }
inline B upper_bytes(B a) { return bytes_of(vshrq_n_u16(words_of(a), 8)); }

inline void store_sums(B words, B odd, uint16_t* out) {
  const uint16x8_t even = vsubq_u16(words_of(words), vshlq_n_u16(words_of(odd), 8));
  vst2q_u16(out, {even, words_of(odd)});
}
inline V load_sums(const uint16_t* p) { return vcvtq_f32_u32(vmovl_u16(vld1_u16(p))); }
inline uint32_t at_least(V a, V b) {
  const uint32_t bits[4] = {1, 2, 4, 8};
  return vaddvq_u32(vandq_u32(vcgeq_f32(a, b), vld1q_u32(bits)));
}

#include "ops/scan_vectors.inc"
//
#include "ops/scan_blocks.inc"

}  // namespace

constexpr ScanKernels neon_scan = {ScanLevel::neon, sums, scan};

}  // namespace elanus::ops
#endif
