// The scan of codes with AVX2. Everything is in an unnamed namespace, as in kernels_avx2.cc.
#if defined(__x86_64__)
#include <immintrin.h>

#include "ops/scan_tables.h"

namespace elanus::ops {
namespace {

#include "ops/vec_avx2.inc"

using B = __m256i;
constexpr size_t kBytes = 32;

inline B no_bytes() { return _mm256_setzero_si256(); }
inline B load_table(const uint8_t* p) { return _mm256_load_si256(reinterpret_cast<const B*>(p)); }
inline B load_codes(const uint8_t* p) {
  B codes = _mm256_loadu_si256(reinterpret_cast<const B*>(p));
  asm("" : "+x"(codes));  // or they would be loaded again for their upper nibbles
  return codes;
}
inline B lower_nibbles(B a) { return _mm256_and_si256(a, _mm256_set1_epi8(15)); }
inline B upper_nibbles(B a) { return lower_nibbles(_mm256_srli_epi16(a, 4)); }
inline B look_up(B table, B at) { return _mm256_shuffle_epi8(table, at); }
inline B add_bytes(B a, B b) { return _mm256_add_epi8(a, b); }
inline B add_words(B a, B b) { return _mm256_add_epi16(a, b); }
inline B upper_bytes(B a) { return _mm256_srli_epi16(a, 8); }

inline void store_sums(B words, B odd, uint16_t* out) {
  const B even = _mm256_sub_epi16(words, _mm256_slli_epi16(odd, 8));
  const B low = _mm256_unpacklo_epi16(even, odd), high = _mm256_unpackhi_epi16(even, odd);
  _mm256_storeu_si256(reinterpret_cast<B*>(out), _mm256_permute2x128_si256(low, high, 0x20));
  _mm256_storeu_si256(reinterpret_cast<B*>(out + 16), _mm256_permute2x128_si256(low, high, 0x31));
}
inline V load_sums(const uint16_t* p) {
  return _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
}
inline uint32_t at_least(V a, V b) {
  return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_GE_OQ)));
}

#include "ops/scan_vectors.inc"
//
#include "ops/scan_blocks.inc"

}  // namespace

constexpr ScanKernels avx2_scan = {ScanLevel::avx2, sums, scan};

}  // namespace elanus::ops
#endif
