// The scan of codes with AVX2. Everything is in an unnamed namespace, as in kernels_avx2.cc.
#if defined(__x86_64__)
#include <immintrin.h>

#include "ops/scan_tables.h"

namespace elanus::ops {
namespace {

// The 16-bit sums of even rows and of odd rows.
struct Sums {
  __m256i even, odd;
};

inline __m256i load(const uint8_t* p) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }

inline Sums accumulate(const uint8_t* block, const CodeQuery& query) {
  const __m256i nibble = _mm256_set1_epi8(15);
  __m256i mixed = _mm256_setzero_si256(), odd = mixed;
  for (size_t j = 0; j < query.code_bytes; j += 4) {
    const uint8_t *codes = block + j * kBlockRows, *tables = query.tables + table_offset(j, false);
    __m256i bytes = _mm256_setzero_si256();
#pragma GCC unroll 4
    for (size_t u = 0; u < 4; ++u) {
      if (u % 2 == 0) fetch_ahead(codes + u * kBlockRows);
      __m256i code = load(codes + u * kBlockRows);
      asm("" : "+x"(code));  // or it would be loaded again for its upper halves
      const __m256i low =
          _mm256_shuffle_epi8(load(tables + table_offset(u, false)), _mm256_and_si256(code, nibble));
      const __m256i high = _mm256_shuffle_epi8(load(tables + table_offset(u, true)),
                                               _mm256_and_si256(_mm256_srli_epi16(code, 4), nibble));
      bytes = _mm256_add_epi8(bytes, _mm256_add_epi8(low, high));
    }
    mixed = _mm256_add_epi16(mixed, bytes);
    odd = _mm256_add_epi16(odd, _mm256_srli_epi16(bytes, 8));
  }
  return {_mm256_sub_epi16(mixed, _mm256_slli_epi16(odd, 8)), odd};
}

// The sums of rows 8 * part .. 8 * part + 7.
inline __m128i eight(const Sums& sums, size_t part) {
  const __m256i both =
      part % 2 == 0 ? _mm256_unpacklo_epi16(sums.even, sums.odd) : _mm256_unpackhi_epi16(sums.even, sums.odd);
  return part < 2 ? _mm256_castsi256_si128(both) : _mm256_extracti128_si256(both, 1);
}

inline uint32_t passing(const Sums& sums, const float* tail, const CodeQuery& query, float threshold,
                        float* bounds) {
  const __m256 scale = _mm256_set1_ps(query.scale), offset = _mm256_set1_ps(query.offset);
  const __m256 slope = _mm256_set1_ps(query.slope), least = _mm256_set1_ps(threshold);
  __m256 bound[4];
  uint32_t passed = 0;
#pragma GCC unroll 4
  for (size_t part = 0; part < 4; ++part) {
    const __m256 sum = _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(eight(sums, part)));
    const __m256 estimate = _mm256_add_ps(_mm256_mul_ps(scale, sum), offset);
    bound[part] = _mm256_add_ps(_mm256_mul_ps(_mm256_loadu_ps(tail + part * 8), estimate),
                                _mm256_mul_ps(_mm256_loadu_ps(tail + kBlockRows + part * 8), slope));
    passed |= static_cast<uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(bound[part], least, _CMP_GE_OQ)))
              << part * 8;
  }
  if (passed != 0) [[unlikely]]
    for (size_t part = 0; part < 4; ++part) _mm256_store_ps(bounds + part * 8, bound[part]);
  return passed;
}

void sums(const uint8_t* block, const CodeQuery& query, uint16_t* out) {
  const Sums all = accumulate(block, query);
  for (size_t part = 0; part < 4; ++part)
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + part * 8), eight(all, part));
}

#include "ops/scan_blocks.inc"

}  // namespace

constexpr ScanKernels avx2_scan = {ScanLevel::avx2, sums, scan};

}  // namespace elanus::ops
#endif
