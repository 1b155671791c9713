// Products of quantised weights and quantised activations, summed in integers. One table for each set of
// instructions; reference.h has the same arithmetic slow and readable. All tables give the same bits: integer
// sums have no order, and the steps in floating point are fixed.
#pragma once
#include <cstddef>
#include <cstdint>

#include "ops/cpu.h"

namespace elanus::ops {

// Weights and activations of a product. Weights have one scale for each output, activations one for each row.
// Before that, each input's weights are multiplied, and its activations divided, by a power of two of its
// own, so that an input whose weights are small keeps as many digits of them as the others.
enum class Quantization {
  w10a16,  // weights -511..511, activations -32767..32767
  w7a8,    // weights -63..63, activations 0..255 (NEON: -128..127) around a zero point: two products fit 16
           // bits, as AVX2 and NEON sum them
};

enum class IntegerLevel {
  portable,
  neon,          // sums of products in 32 bits (w10a16), or first of two in 16 (w7a8): every aarch64
  neon_dotprod,  // w7a8 in one instruction: Armv8.2 with dot products, Neoverse N1, Cortex-A76, Apple M1 and
                 // later
  avx2,          // pairs of products summed in 16 (w7a8) or 32 bits (w10a16), then added
  avx512,        // the same in 512 bits: Skylake-SP
  avx_vnni,      // AVX-VNNI: one instruction for each step; Alder Lake, Zen 5 and later
  avx512_vnni    // the same in 512 bits: Ice Lake, Zen 4 and later
};

// "portable", "neon", "neon_dotprod", "avx2", "avx512", "avx_vnni", "avx512_vnni".
const char* to_string(IntegerLevel level);
bool supports(IntegerLevel level);

// Weights packed for a panel width; QuantizedMatrix (quantized_matrix.h) owns what this points to.
struct QuantizedView {
  // w7a8: [panels][padded k / 4][panel_width][4] bytes. w10a16: for each panel and twelve inputs, in pairs,
  // [4 pairs][panel_width][2] words of 16 bits: the weight in the upper ten, and in the lower six of words 0
  // and 1 the upper six and lower four bits (above two of zero) of pair 4, in those of words 2 and 3 of
  // pair 5.
  const int8_t* data;
  Quantization kind;
  size_t n, k;           // outputs, inputs
  const float* bias;     // these three: n rounded up to whole panels, zero beyond n
  const float* scale;    // of each output's weights
  const float* inverse;  // one over each input's power of two; k padded to whole groups
  const int32_t* sums;   // of each output's quantised weights
  float limit;  // w10a16: the largest activation for which no sum can overflow, a whole number in 1..32767
};

// Rows are padded with zeros to a multiple of this many inputs.
inline constexpr size_t input_group(Quantization kind) { return kind == Quantization::w10a16 ? 12 : 4; }
inline size_t padded_inputs(Quantization kind, size_t k) {
  return (k + input_group(kind) - 1) / input_group(kind) * input_group(kind);
}
// Bytes of one quantised row of k inputs.
inline size_t quantized_row_bytes(Quantization kind, size_t k) {
  return padded_inputs(kind, k) * (kind == Quantization::w10a16 ? 2 : 1);
}

// One row of activations: x is about scale * (quantised - zero).
struct RowScale {
  float scale;
  int32_t zero;  // 0 for w10a16
};

// c[rows][n] = activate(a[rows][k] * weights^T + bias), or added to what c holds before activate.
struct QuantizedMatmul {
  const std::byte* a;
  size_t lda;  // bytes from one row of a to the next
  const RowScale* row_scales;
  size_t rows;
  QuantizedView weights;
  float* c;
  size_t ldc;
  bool add;
  void (*activate)(float* x, size_t n);  // of Kernels, or null
};

struct QuantizedKernels {
  IntegerLevel level;
  size_t panel_width;
  // Columns [panel_begin, panel_end) * panel_width of the product. Thread-safe on disjoint panel ranges.
  void (*matmul)(const QuantizedMatmul&, size_t panel_begin, size_t panel_end);
  // Quantises x[k] for these weights to quantized_row_bytes() of `to`. Values must be finite.
  RowScale (*quantize)(const QuantizedView& weights, const float* x, std::byte* to);
  // rounds * sums_per_round(kind) products of 1 and 1, from registers, and their sum: what the instructions
  // can do at most (machine.h).
  int64_t (*multiply_add)(Quantization kind, size_t rounds);
  size_t lanes;  // of a vector, in 32 bits
  size_t sums_per_round(Quantization kind) const;
};

// The table of a level that this machine supports (checked: an unsupported level gives the portable one).
const QuantizedKernels& quantized_kernels(IntegerLevel level);
// The best one within a level of the float kernels.
const QuantizedKernels& quantized_kernels(CpuLevel level);

inline size_t panel_count(const QuantizedKernels& k, size_t n) {
  return (n + k.panel_width - 1) / k.panel_width;
}

}  // namespace elanus::ops
