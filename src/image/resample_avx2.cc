// The kernels of resample.h with AVX2: integer arithmetic throughout, so the results are the scalar ones bit
// for bit. A 23-bit weight is split as high * 2048 + low, so that two 16-bit multiply-adds take the place of
// a 32-bit product.
#include "image/resample.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <utility>

namespace elanus::image {
namespace {

constexpr int rows_at_once = 4;

// body(0), body(1), ... written out, so that what it indexes stays in registers at every optimisation level.
template <int... I, class Body>
[[gnu::always_inline]] inline void each(std::integer_sequence<int, I...>, const Body& body) {
  (body(I), ...);
}

// One output pixel of `Rows` rows (1 or 4). Each step takes four pixels: lane 0 holds R0 R1 G0 G1 B0 B1, lane
// 1 the other two.
template <int Rows>
[[gnu::always_inline]] inline void pixel(const uint8_t* from, size_t from_step, const int16_t* split,
                                         int32_t taps, uint8_t* to, size_t to_step) {
  constexpr auto all = std::make_integer_sequence<int, Rows>();
  const __m256i spread = _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1,  //
                                          6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  const __m256i take_high = _mm256_setr_epi8(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, -1, -1, -1, -1,  //
                                             4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, -1, -1, -1, -1);
  const __m256i take_low = _mm256_setr_epi8(8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11, -1, -1, -1, -1,  //
                                            12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, -1, -1, -1, -1);
  const auto load = [](const void* p) __attribute__((always_inline)) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(p)));
  };
  __m256i high[Rows], low[Rows];
  each(
      all, [&](int y) __attribute__((always_inline)) { high[y] = low[y] = _mm256_setzero_si256(); });
  for (int32_t t = 0; t < taps; t += 4, from += 12, split += 8) {
    const __m256i weights = load(split);
    const __m256i w_high = _mm256_shuffle_epi8(weights, take_high),
                  w_low = _mm256_shuffle_epi8(weights, take_low);
    each(
        all, [&](int y) __attribute__((always_inline)) {
          const __m256i samples =
              _mm256_shuffle_epi8(load(from + static_cast<size_t>(y) * from_step), spread);
          high[y] = _mm256_add_epi32(high[y], _mm256_madd_epi16(samples, w_high));
          low[y] = _mm256_add_epi32(low[y], _mm256_madd_epi16(samples, w_low));
        });
  }
  __m128i levels[Rows];
  each(
      all, [&](int y) __attribute__((always_inline)) {
        const __m256i sum = _mm256_add_epi32(_mm256_slli_epi32(high[y], split_bits), low[y]);
        const __m128i both = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
        levels[y] = _mm_srai_epi32(_mm_add_epi32(both, _mm_set1_epi32(rounding)), weight_bits);
      });
  const __m128i words = _mm_packs_epi32(levels[0], levels[Rows > 1 ? 1 : 0]);
  const __m128i more = Rows > 1 ? _mm_packs_epi32(levels[Rows > 1 ? 2 : 0], levels[Rows > 1 ? 3 : 0]) : words;
  const __m128i bytes = _mm_packus_epi16(words, more);
  // Four bytes each: the fourth is the next pixel's, or padding.
  _mm_storeu_si32(to, bytes);
  if constexpr (Rows > 1) {
    _mm_storeu_si32(to + to_step, _mm_srli_si128(bytes, 4));
    _mm_storeu_si32(to + 2 * to_step, _mm_srli_si128(bytes, 8));
    _mm_storeu_si32(to + 3 * to_step, _mm_srli_si128(bytes, 12));
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
    __m256i high0 = _mm256_setzero_si256(), high1 = high0, low0 = high0, low1 = high0;
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
      const __m256i samples0 = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(a, b));
      const __m256i samples1 = _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(a, b));
      high0 = _mm256_add_epi32(high0, _mm256_madd_epi16(samples0, w_high));
      high1 = _mm256_add_epi32(high1, _mm256_madd_epi16(samples1, w_high));
      low0 = _mm256_add_epi32(low0, _mm256_madd_epi16(samples0, w_low));
      low1 = _mm256_add_epi32(low1, _mm256_madd_epi16(samples1, w_low));
    }
    const auto level_of = [](__m256i high, __m256i low) {
      const __m256i sum = _mm256_add_epi32(_mm256_slli_epi32(high, split_bits), low);
      return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(rounding)), weight_bits);
    };
    const __m256i words = _mm256_permute4x64_epi64(
        _mm256_packs_epi32(level_of(high0, low0), level_of(high1, low1)), _MM_SHUFFLE(3, 1, 2, 0));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + x),
                     _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)));
  }
  vertical_scalar(from + x, step, weight, taps, bytes - x, to + x);
}

}  // namespace elanus::image
#endif
