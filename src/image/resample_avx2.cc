// The kernels of resample.h with AVX2: integer arithmetic throughout, so the results are the scalar ones bit
// for bit. A 23-bit weight is split as high * 2048 + low, so that two 16-bit multiply-adds take the place of
// a 32-bit product.
#include "image/resample.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace elanus::image {
namespace {

constexpr int rows_at_once = 4;

// Sum of both halves' products -> level, in each 32-bit lane.
__m256i to_level(__m256i high, __m256i low) {
  const __m256i sum = _mm256_add_epi32(_mm256_slli_epi32(high, split_bits), low);
  return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(rounding)), weight_bits);
}

// One output pixel of `Rows` rows. Each step takes four pixels: lane 0 holds R0 R1 G0 G1 B0 B1, lane 1 the
// other two.
template <int Rows>
void pixel(const uint8_t* from, size_t from_step, const int16_t* split, int32_t taps, uint8_t* to,
           size_t to_step) {
  const __m256i spread = _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1,  //
                                          6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  const __m256i take_high = _mm256_setr_epi8(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, -1, -1, -1, -1,  //
                                             4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, -1, -1, -1, -1);
  const __m256i take_low = _mm256_setr_epi8(8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11, -1, -1, -1, -1,  //
                                            12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, -1, -1, -1, -1);
  const auto load = [](const void* p) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(p)));
  };
  __m256i high[Rows], low[Rows];
  for (int y = 0; y < Rows; ++y) high[y] = low[y] = _mm256_setzero_si256();
  for (int32_t t = 0; t < taps; t += 4, from += 12, split += 8) {
    const __m256i weights = load(split);
    const __m256i w_high = _mm256_shuffle_epi8(weights, take_high),
                  w_low = _mm256_shuffle_epi8(weights, take_low);
    for (int y = 0; y < Rows; ++y) {
      const __m256i samples = _mm256_shuffle_epi8(load(from + static_cast<size_t>(y) * from_step), spread);
      high[y] = _mm256_add_epi32(high[y], _mm256_madd_epi16(samples, w_high));
      low[y] = _mm256_add_epi32(low[y], _mm256_madd_epi16(samples, w_low));
    }
  }
  for (int y = 0; y < Rows; ++y, to += to_step) {
    const auto both_lanes = [](__m256i v) {
      return _mm256_castsi128_si256(_mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1)));
    };
    const __m128i levels = _mm256_castsi256_si128(to_level(both_lanes(high[y]), both_lanes(low[y])));
    const __m128i words = _mm_packs_epi32(levels, levels);
    const int rgb = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
    to[0] = static_cast<uint8_t>(rgb);
    to[1] = static_cast<uint8_t>(rgb >> 8);
    to[2] = static_cast<uint8_t>(rgb >> 16);
  }
}

template <int Rows>
void rows(const Horizontal& pass, size_t y) {
  const uint8_t* from = pass.from + y * pass.from_step;
  uint8_t* to = pass.to + y * pass.to_step;
  for (size_t i = 0; i < pass.outputs; ++i)
    pixel<Rows>(from + pass.first[i] * 3, pass.from_step, pass.split + i * pass.stride * 2, pass.taps[i],
                to + i * 3, pass.to_step);
}

// How many leading rows can be read in steps of 16 bytes without touching pass.readable.
size_t vector_rows(const Horizontal& pass) {
  int64_t reach = 0;
  for (size_t i = 0; i < pass.outputs; ++i) {
    const int64_t end = pass.first[i] * 3 + (pass.taps[i] + 3) / 4 * 12 + 4;
    if (end > reach) reach = end;
  }
  size_t count = pass.rows;
  while (count > 0 && pass.from + (count - 1) * pass.from_step + reach > pass.readable) --count;
  return count;
}

}  // namespace

void horizontal_avx2(const Horizontal& pass) {
  const size_t count = vector_rows(pass);
  size_t y = 0;
  for (; y + rows_at_once <= count; y += rows_at_once) rows<rows_at_once>(pass, y);
  for (; y < count; ++y) rows<1>(pass, y);
  Horizontal rest = pass;
  rest.from += y * pass.from_step;
  rest.to += y * pass.to_step;
  rest.rows = pass.rows - y;
  horizontal_scalar(rest);
}

void vertical_avx2(const uint8_t* from, size_t step, const int32_t* weight, size_t taps, size_t bytes,
                   uint8_t* to) {
  constexpr size_t width = 16;
  size_t x = 0;
  for (; x + width <= bytes; x += width) {
    __m256i high[2], low[2];
    for (int half = 0; half < 2; ++half) high[half] = low[half] = _mm256_setzero_si256();
    for (size_t t = 0; t < taps; t += 2) {
      // Two rows at a time, sample by sample; a missing second row has weight 0.
      const size_t second = t + 1 < taps ? t + 1 : t;
      const int32_t w0 = weight[t], w1 = t + 1 < taps ? weight[t + 1] : 0;
      constexpr int32_t mask = (1 << split_bits) - 1;
      const __m256i w_high =
          _mm256_set1_epi32(((w0 >> split_bits) & 0xffff) |
                            static_cast<int32_t>(static_cast<uint32_t>(w1 >> split_bits) << 16));
      const __m256i w_low = _mm256_set1_epi32((w0 & mask) | (w1 & mask) << 16);
      const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + t * step + x));
      const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + second * step + x));
      const __m256i samples[2] = {_mm256_cvtepu8_epi16(_mm_unpacklo_epi8(a, b)),
                                  _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(a, b))};
      for (int half = 0; half < 2; ++half) {
        high[half] = _mm256_add_epi32(high[half], _mm256_madd_epi16(samples[half], w_high));
        low[half] = _mm256_add_epi32(low[half], _mm256_madd_epi16(samples[half], w_low));
      }
    }
    const __m256i words = _mm256_permute4x64_epi64(
        _mm256_packs_epi32(to_level(high[0], low[0]), to_level(high[1], low[1])), _MM_SHUFFLE(3, 1, 2, 0));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + x),
                     _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)));
  }
  vertical_scalar(from + x, step, weight, taps, bytes - x, to + x);
}

}  // namespace elanus::image
#endif
