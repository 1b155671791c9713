// What the kernels compute, slow and readable, in double precision: the oracle of their tests, and of the
// towers'.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ops/kernels.h"
#include "ops/quantized.h"

namespace elanus::ops::reference {

// Row-major. weights is [n][k]; bias has n values or none. Returns [rows][n].
std::vector<float> linear(std::span<const float> a, size_t rows, size_t k, std::span<const float> weights,
                          size_t n, std::span<const float> bias);

// One row, or one output's weights, in integers.
struct Quantized {
  std::vector<int32_t> values;
  float scale = 0;
  int32_t zero = 0;  // stands for 0
};
// w10a16: x / scale to the nearest integer, the largest to +-limit. w7a8: 0..255, of which `zero` stands for
// 0.
Quantized quantize_activations(Quantization kind, float limit, std::span<const float> x);
// To the nearest of -511..511 (w10a16) or -63..63 (w7a8) times the scale.
Quantized quantize_weights(Quantization kind, std::span<const float> weights);
// What QuantizedKernels::matmul gives for one row and one output, bit for bit.
float quantized_product(const Quantized& row, const Quantized& weights, float bias);

// One head over rows of head_dim values. Returns [queries][head_dim]; query i stands at position first + i.
std::vector<float> attention(std::span<const float> q, std::span<const float> k, std::span<const float> v,
                             size_t queries, size_t keys, size_t head_dim, size_t first, bool causal,
                             float scale);

std::vector<float> layer_norm(std::span<const float> x, std::span<const float> gamma,
                              std::span<const float> beta, float eps);
std::vector<float> softmax(std::span<const float> x);
float gelu(float x);
float gelu_tanh(float x);
float quick_gelu(float x);
float relu(float x);
std::vector<float> normalize(std::span<const float> x);
double dot_f16(std::span<const uint16_t> row, std::span<const float> query);
bool in_range(int64_t number, const NumberRange& range);

}  // namespace elanus::ops::reference
