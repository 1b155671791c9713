// What the kernels compute, slow and readable, in double precision: the oracle of their tests, and of the
// towers'.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace elanus::ops::reference {

// Row-major. weights is [n][k]; bias has n values or none. Returns [rows][n].
std::vector<float> linear(std::span<const float> a, size_t rows, size_t k, std::span<const float> weights,
                          size_t n, std::span<const float> bias);

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

}  // namespace elanus::ops::reference
