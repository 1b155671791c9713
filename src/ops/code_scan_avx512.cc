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

// The 16-bit sums of rows 0..15 and 16..31.
struct Sums {
  __m256i first, second;
};

inline __m512i load(const uint8_t* p) { return _mm512_loadu_si512(p); }

// A register holds bytes j and j + 1 of the codes of 32 rows; their sums are added at the end.
inline Sums accumulate(const uint8_t* block, const CodeQuery& query) {
  const __m512i nibble = _mm512_set1_epi8(15);
  __m512i mixed = _mm512_setzero_si512(), odd = mixed;
  for (size_t j = 0; j < query.code_bytes; j += 8) {
    const uint8_t *codes = block + j * kBlockRows, *tables = query.tables + table_offset(j, false);
    __m512i bytes = _mm512_setzero_si512();
#pragma GCC unroll 4
    for (size_t u = 0; u < 8; u += 2) {
      fetch_ahead(codes + u * kBlockRows);
      __m512i code = load(codes + u * kBlockRows);
      asm("" : "+v"(code));  // or it would be loaded again for its upper halves
      const __m512i low =
          _mm512_shuffle_epi8(load(tables + table_offset(u, false)), _mm512_and_si512(code, nibble));
      const __m512i high = _mm512_shuffle_epi8(load(tables + table_offset(u, true)),
                                               _mm512_and_si512(_mm512_srli_epi16(code, 4), nibble));
      bytes = _mm512_add_epi8(bytes, _mm512_add_epi8(low, high));
    }
    mixed = _mm512_add_epi16(mixed, bytes);
    odd = _mm512_add_epi16(odd, _mm512_srli_epi16(bytes, 8));
  }
  const __m512i even = _mm512_sub_epi16(mixed, _mm512_slli_epi16(odd, 8));
  const __m256i e = _mm256_add_epi16(_mm512_castsi512_si256(even), _mm512_extracti64x4_epi64(even, 1));
  const __m256i o = _mm256_add_epi16(_mm512_castsi512_si256(odd), _mm512_extracti64x4_epi64(odd, 1));
  const __m256i low = _mm256_unpacklo_epi16(e, o), high = _mm256_unpackhi_epi16(e, o);
  return {_mm256_permute2x128_si256(low, high, 0x20), _mm256_permute2x128_si256(low, high, 0x31)};
}

inline uint32_t passing(const Sums& sums, const float* tail, const CodeQuery& query, float threshold,
                        float* bounds) {
  const __m512 scale = _mm512_set1_ps(query.scale), offset = _mm512_set1_ps(query.offset);
  const __m512 slope = _mm512_set1_ps(query.slope), least = _mm512_set1_ps(threshold);
  const auto bound = [&](__m256i sixteen, const float* factor) {
    const __m512 sum = _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(sixteen));
    const __m512 estimate = _mm512_add_ps(_mm512_mul_ps(scale, sum), offset);
    return _mm512_add_ps(_mm512_mul_ps(_mm512_loadu_ps(factor), estimate),
                         _mm512_mul_ps(_mm512_loadu_ps(factor + kBlockRows), slope));
  };
  const __m512 first = bound(sums.first, tail), second = bound(sums.second, tail + 16);
  const uint32_t passed = static_cast<uint32_t>(_mm512_cmp_ps_mask(first, least, _CMP_GE_OQ)) |
                          static_cast<uint32_t>(_mm512_cmp_ps_mask(second, least, _CMP_GE_OQ)) << 16;
  if (passed != 0) [[unlikely]] {
    _mm512_store_ps(bounds, first);
    _mm512_store_ps(bounds + 16, second);
  }
  return passed;
}

void sums(const uint8_t* block, const CodeQuery& query, uint16_t* out) {
  const Sums all = accumulate(block, query);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), all.first);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 16), all.second);
}

#include "ops/scan_blocks.inc"

}  // namespace

constexpr ScanKernels avx512_scan = {ScanLevel::avx512, sums, scan};

}  // namespace elanus::ops
#endif
