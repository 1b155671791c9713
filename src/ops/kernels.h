// ops: the arithmetic of the towers and of the exact scan. One table of kernels for each CPU level, chosen
// once at run time; reference.h has the same operations slow and readable, and is the oracle of their tests.
//
// All kernels: no allocation, no alignment asked of pointers, any size unless said otherwise, thread-safe on
// disjoint outputs. Sums are taken in f32, in an order that depends on the level and the sizes only: the same
// call gives the same bits on every run and on every thread.
#pragma once
#include <cstddef>
#include <cstdint>

#include "ops/cpu.h"

namespace elanus::ops {

// add adds to what c holds; add_relu does, and then cuts off what is negative.
enum class Epilogue { none, gelu, gelu_tanh, quick_gelu, relu, add, add_relu };

// Weights packed for one level; PackedMatrix (packed_matrix.h) owns what this points to.
struct PackedView {
  const void* data;   // [ceil(k / k_block)][panels][its k][panel_width], f16 or f32, zero beyond n
  bool f16;           // else f32
  size_t n, k;        // outputs, inputs
  size_t k_block;     // rows of a sub-panel; the last k-block may have fewer
  const float* bias;  // n rounded up to whole panels, zero beyond n
};

// c[rows][n] = epilogue(a[rows][k] * weights^T + bias).
struct Matmul {
  const float* a;
  size_t lda;  // floats from one row of a to the next
  size_t rows;
  PackedView weights;
  float* c;
  size_t ldc;
  Epilogue epilogue;
};

// One head: out[i] = softmax(q[i] . k^T * scale) . v over `keys` keys. Query i stands at position first + i;
// when causal it sees keys 0 .. first + i only.
struct Attention {
  const float *q, *k, *v;
  size_t ldq, ldkv;  // floats from one row to the next
  size_t queries, keys, head_dim;
  size_t first;
  bool causal;
  float scale;
  float* out;
  size_t ldo;
};

// Numbers from low to high, both included, or those outside of it.
struct NumberRange {
  int64_t low, high;
  bool outside = false;
};

struct Kernels {
  CpuLevel level;
  size_t panel_width;     // columns of a packed panel
  size_t max_k_block;     // the longest sub-panel
  size_t matmul_scratch;  // floats of scratch that matmul needs

  // Columns [panel_begin, panel_end) * panel_width of the product. Different panel ranges may run at once,
  // each with its own scratch. lda and ldc are best not multiples of 4096 bytes (see row_stride).
  void (*matmul)(const Matmul&, size_t panel_begin, size_t panel_end, float* scratch);

  // Needs attention_scratch(keys, head_dim) floats.
  void (*attention)(const Attention&, float* scratch);
  size_t (*attention_scratch)(size_t keys, size_t head_dim);

  // y = (x - mean) / sqrt(variance + eps) * gamma + beta over dim values; y may be x.
  void (*layer_norm)(const float* x, size_t dim, const float* gamma, const float* beta, float eps, float* y);
  // x = exp(x - max) / sum, in place; n >= 1.
  void (*softmax)(float* x, size_t n);
  // x * sigmoid(1.702 x), in place.
  void (*quick_gelu)(float* x, size_t n);
  // x * (1 + erf(x / sqrt 2)) / 2, in place.
  void (*gelu)(float* x, size_t n);
  // x * (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2, in place.
  void (*gelu_tanh)(float* x, size_t n);
  // max(x, 0), in place.
  void (*relu)(float* x, size_t n);
  // Divides by the Euclidean length, in place; a vector of length 0 (or not finite) is left as it is. Returns
  // the length.
  float (*normalize)(float* x, size_t n);

  // Exact; NaN stays NaN.
  void (*f16_to_f32)(const uint16_t* from, float* to, size_t n);
  // Rounds to nearest even; beyond 65504 becomes infinity.
  void (*f32_to_f16)(const float* from, uint16_t* to, size_t n);

  // row . query.
  float (*dot_f16)(const uint16_t* row, const float* query, size_t dim);
  // out[i] = (rows + i * stride) . query for `count` rows, stride in elements; each equal, bit for bit, to
  // dot_f16 of that row alone.
  void (*dot_f16_rows)(const uint16_t* rows, size_t stride, size_t count, const float* query, size_t dim,
                       float* out);

  // Bit i % 64 of bits[i / 64]: numbers[i] is in the range, and not 0. Writes whole words, 0 beyond n.
  void (*in_range)(const int64_t* numbers, size_t n, const NumberRange& range, uint64_t* bits);

  // Both for one block of winograd.h, `distance` floats from one of its 16 positions to the next. B^T d B of
  // 16 pixels, each a row of `channels` floats.
  void (*winograd_input)(const float* const* pixels, size_t channels, float* out, size_t distance);
  // relu(A^T m A) into four pixels, those not null; each position of `products` is padded to whole panels.
  void (*winograd_output)(const float* products, size_t distance, size_t channels, float* const* pixels);
};

// The table of a level that this machine supports (checked: an unsupported level gives the best supported
// one).
const Kernels& kernels(CpuLevel level);
// The best table for this machine.
const Kernels& kernels();

// Panels of a matrix with n outputs.
inline size_t panel_count(const Kernels& k, size_t n) { return (n + k.panel_width - 1) / k.panel_width; }

// A distance between rows of `n` floats that keeps rows on cache lines and apart in cache sets: a tile reads
// a dozen rows at once, and rows a multiple of 4 KiB apart would push each other out.
inline size_t row_stride(size_t n) {
  const size_t lines = (n + 15) / 16;
  return (lines % 2 == 0 ? lines + 1 : lines) * 16;
}

}  // namespace elanus::ops
