// The scan of codes with SSSE3: x86-64 since 2006. Everything is in an unnamed namespace, as in
// kernels_avx2.cc.
#if defined(__x86_64__)
#include <tmmintrin.h>

#include "ops/scan_tables.h"

namespace elanus::ops {
namespace {

// Of rows 0..15 and 16..31: the 16-bit sums of even rows and of odd rows.
struct Sums {
  __m128i even[2], odd[2];
};

inline Sums accumulate(const uint8_t* block, const CodeQuery& query) {
  const __m128i nibble = _mm_set1_epi8(15);
  Sums sums{};
  for (size_t half = 0; half < 2; ++half) {
    const uint8_t* codes = block + half * 16;
    __m128i mixed = _mm_setzero_si128(), odd = mixed;
    for (size_t j = 0; j < query.code_bytes; j += 4) {
      __m128i bytes = _mm_setzero_si128();
      for (size_t u = j; u < j + 4; ++u) {
        if (half == 0 && u % 2 == 0) fetch_ahead(codes + u * kBlockRows);
        const __m128i code = _mm_loadu_si128(reinterpret_cast<const __m128i*>(codes + u * kBlockRows));
        const auto* lower = reinterpret_cast<const __m128i*>(query.tables + table_offset(u, false));
        const auto* upper = reinterpret_cast<const __m128i*>(query.tables + table_offset(u, true));
        bytes = _mm_add_epi8(bytes, _mm_shuffle_epi8(_mm_load_si128(lower), _mm_and_si128(code, nibble)));
        bytes = _mm_add_epi8(
            bytes, _mm_shuffle_epi8(_mm_load_si128(upper), _mm_and_si128(_mm_srli_epi16(code, 4), nibble)));
      }
      mixed = _mm_add_epi16(mixed, bytes);
      odd = _mm_add_epi16(odd, _mm_srli_epi16(bytes, 8));
    }
    sums.even[half] = _mm_sub_epi16(mixed, _mm_slli_epi16(odd, 8));
    sums.odd[half] = odd;
  }
  return sums;
}

inline uint32_t passing(const Sums& sums, const float* tail, const CodeQuery& query, float threshold,
                        float* bounds) {
  const __m128 scale = _mm_set1_ps(query.scale), offset = _mm_set1_ps(query.offset);
  const __m128 slope = _mm_set1_ps(query.slope), least = _mm_set1_ps(threshold);
  const __m128i zero = _mm_setzero_si128();
  uint32_t passed = 0;
  for (size_t part = 0; part < 8; ++part) {
    const size_t half = part / 4;
    const __m128i eight = part % 4 < 2 ? _mm_unpacklo_epi16(sums.even[half], sums.odd[half])
                                       : _mm_unpackhi_epi16(sums.even[half], sums.odd[half]);
    const __m128i four = part % 2 == 0 ? _mm_unpacklo_epi16(eight, zero) : _mm_unpackhi_epi16(eight, zero);
    const __m128 estimate = _mm_add_ps(_mm_mul_ps(scale, _mm_cvtepi32_ps(four)), offset);
    const __m128 bound = _mm_add_ps(_mm_mul_ps(_mm_loadu_ps(tail + part * 4), estimate),
                                    _mm_mul_ps(_mm_loadu_ps(tail + kBlockRows + part * 4), slope));
    _mm_store_ps(bounds + part * 4, bound);
    passed |= static_cast<uint32_t>(_mm_movemask_ps(_mm_cmpge_ps(bound, least))) << part * 4;
  }
  return passed;
}

void sums(const uint8_t* block, const CodeQuery& query, uint16_t* out) {
  const Sums all = accumulate(block, query);
  for (size_t half = 0; half < 2; ++half) {
    auto* to = reinterpret_cast<__m128i*>(out + half * 16);
    _mm_storeu_si128(to, _mm_unpacklo_epi16(all.even[half], all.odd[half]));
    _mm_storeu_si128(to + 1, _mm_unpackhi_epi16(all.even[half], all.odd[half]));
  }
}

#include "ops/scan_blocks.inc"

}  // namespace

constexpr ScanKernels ssse3_scan = {ScanLevel::ssse3, sums, scan};

}  // namespace elanus::ops
#endif
