// Weights and kernels of resize.h. Inside the room only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "image/resize.h"

namespace elanus::image {

constexpr int weight_bits = 22;

// Output i of [0, count) is the sum over t in [0, taps[i]) of input[first[i] + t] * weight[i * stride + t],
// in units of 2^-22, rounded and clamped to 0..255.
struct Weights {
  size_t count = 0, stride = 0;  // stride: a multiple of 4
  std::vector<int64_t> first;    // not decreasing
  std::vector<int32_t> taps;     // 1 to stride
  std::vector<int32_t> weight;   // 0 beyond taps[i]; |w| < 2^23
  // The same for 16-bit multiplication, in groups of four taps: w = high * 2048 + low; 4 high then 4 low.
  std::vector<int16_t> split;

  int64_t end() const { return first.back() + taps.back(); }  // one past the last input that any output needs
};

// For outputs [from, from + count) of an axis resized from in to out samples. too_large above 256 MiB.
Result<Weights> make_weights(int64_t in, int64_t out, int64_t from, int64_t count, Filter filter);

// A horizontal pass over `rows` rows of RGB, from + y * from_step -> to + y * to_step, `outputs` pixels each,
// with the arrays of a Weights. No byte at `readable` or beyond
// is read; after each output row there is room for one byte more, which may be overwritten.
struct Horizontal {
  const uint8_t* from;
  size_t from_step;
  const uint8_t* readable;
  uint8_t* to;
  size_t to_step;
  size_t rows, outputs, stride;
  const int64_t* first;
  const int32_t* taps;
  const int32_t* weight;
  const int16_t* split;
};
void horizontal_scalar(const Horizontal& pass);
void horizontal_avx2(const Horizontal& pass);

// One output row of the vertical pass: taps rows of `bytes` bytes each, `step` apart.
void vertical_scalar(const uint8_t* from, size_t step, const int32_t* weight, size_t taps, size_t bytes,
                     uint8_t* to);
void vertical_avx2(const uint8_t* from, size_t step, const int32_t* weight, size_t taps, size_t bytes,
                   uint8_t* to);

// The fixed-point sum as a level.
static inline uint8_t level(int32_t sum) {
  const int32_t value = sum >> weight_bits;
  return static_cast<uint8_t>(value < 0 ? 0 : value > 255 ? 255 : value);
}
constexpr int32_t rounding = 1 << (weight_bits - 1);
constexpr int split_bits = 11;

}  // namespace elanus::image
