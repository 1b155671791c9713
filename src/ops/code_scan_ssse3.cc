// The scan of codes with SSSE3: x86-64 since 2006. Everything is in an unnamed namespace, as in
// kernels_avx2.cc.
#if defined(__x86_64__)
#include <tmmintrin.h>

#include "ops/scan_tables.h"

namespace elanus::ops {
namespace {

using V = __m128;
constexpr size_t kWidth = 4;

inline V broadcast(float x) { return _mm_set1_ps(x); }
inline V load(const float* p) { return _mm_loadu_ps(p); }
inline void store(float* p, V v) { _mm_storeu_ps(p, v); }
inline V add(V a, V b) { return _mm_add_ps(a, b); }
inline V mul(V a, V b) { return _mm_mul_ps(a, b); }

using B = __m128i;
constexpr size_t kBytes = 16;

inline B no_bytes() { return _mm_setzero_si128(); }
inline B load_table(const uint8_t* p) { return _mm_load_si128(reinterpret_cast<const B*>(p)); }
inline B load_codes(const uint8_t* p) { return _mm_loadu_si128(reinterpret_cast<const B*>(p)); }
inline B lower_nibbles(B a) { return _mm_and_si128(a, _mm_set1_epi8(15)); }
inline B upper_nibbles(B a) { return lower_nibbles(_mm_srli_epi16(a, 4)); }
inline B look_up(B table, B at) { return _mm_shuffle_epi8(table, at); }
inline B add_bytes(B a, B b) { return _mm_add_epi8(a, b); }
inline B add_words(B a, B b) { return _mm_add_epi16(a, b); }
inline B upper_bytes(B a) { return _mm_srli_epi16(a, 8); }

inline void store_sums(B words, B odd, uint16_t* out) {
  const B even = _mm_sub_epi16(words, _mm_slli_epi16(odd, 8));
  _mm_storeu_si128(reinterpret_cast<B*>(out), _mm_unpacklo_epi16(even, odd));
  _mm_storeu_si128(reinterpret_cast<B*>(out + 8), _mm_unpackhi_epi16(even, odd));
}
inline V load_sums(const uint16_t* p) {
  const B four = _mm_loadl_epi64(reinterpret_cast<const B*>(p));
  return _mm_cvtepi32_ps(_mm_unpacklo_epi16(four, no_bytes()));
}
inline uint32_t at_least(V a, V b) { return static_cast<uint32_t>(_mm_movemask_ps(_mm_cmpge_ps(a, b))); }

#include "ops/scan_vectors.inc"
//
#include "ops/scan_blocks.inc"

}  // namespace

constexpr ScanKernels ssse3_scan = {ScanLevel::ssse3, sums, scan};

}  // namespace elanus::ops
#endif
