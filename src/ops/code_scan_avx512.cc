// The scan of codes with AVX-512 BW. Everything is in an unnamed namespace, as in kernels_avx512.cc.
#if defined(__x86_64__)
#include <immintrin.h>

#include "ops/scan_tables.h"

// GCC 12 takes the deliberately undefined operands of its own intrinsics for mistakes (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

namespace elanus::ops {
namespace {

#include "ops/vec_avx512.inc"

using B = __m512i;
constexpr size_t kBytes = 64;

inline B no_bytes() { return _mm512_setzero_si512(); }
inline B load_table(const uint8_t* p) { return _mm512_load_si512(p); }
inline B load_codes(const uint8_t* p) {
  B codes = _mm512_loadu_si512(p);
  asm("" : "+v"(codes));  // or they would be loaded again for their upper nibbles
  return codes;
}
inline B lower_nibbles(B a) { return _mm512_and_si512(a, _mm512_set1_epi8(15)); }
inline B upper_nibbles(B a) { return lower_nibbles(_mm512_srli_epi16(a, 4)); }
inline B look_up(B table, B at) { return _mm512_shuffle_epi8(table, at); }
inline B add_bytes(B a, B b) { return _mm512_add_epi8(a, b); }
inline B add_words(B a, B b) { return _mm512_add_epi16(a, b); }
inline B upper_bytes(B a) { return _mm512_srli_epi16(a, 8); }

inline __m256i add_halves(B a) {
  return _mm256_add_epi16(_mm512_castsi512_si256(a), _mm512_extracti64x4_epi64(a, 1));
}
inline void store_sums(B words, B odd_twice, uint16_t* out) {
  const __m256i even = add_halves(_mm512_sub_epi16(words, _mm512_slli_epi16(odd_twice, 8))),
                odd = add_halves(odd_twice);
  const __m256i low = _mm256_unpacklo_epi16(even, odd), high = _mm256_unpackhi_epi16(even, odd);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm256_permute2x128_si256(low, high, 0x20));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 16), _mm256_permute2x128_si256(low, high, 0x31));
}
inline V load_sums(const uint16_t* p) {
  return _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))));
}
inline uint32_t at_least(V a, V b) { return _mm512_cmp_ps_mask(a, b, _CMP_GE_OQ); }

#include "ops/scan_vectors.inc"
//
#include "ops/scan_blocks.inc"

}  // namespace

constexpr ScanKernels avx512_scan = {ScanLevel::avx512, sums, scan};

}  // namespace elanus::ops
#endif
