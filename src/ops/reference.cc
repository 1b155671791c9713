#include "ops/reference.h"

#include <algorithm>
#include <cmath>

#include "base/f16.h"

namespace elanus::ops::reference {

std::vector<float> linear(std::span<const float> a, size_t rows, size_t k, std::span<const float> weights,
                          size_t n, std::span<const float> bias) {
  std::vector<float> c(rows * n);
  for (size_t i = 0; i < rows; ++i)
    for (size_t j = 0; j < n; ++j) {
      double sum = bias.empty() ? 0.0 : bias[j];
      for (size_t t = 0; t < k; ++t) sum += static_cast<double>(a[i * k + t]) * weights[j * k + t];
      c[i * n + j] = static_cast<float>(sum);
    }
  return c;
}

Quantized quantize_activations(Quantization kind, float limit, std::span<const float> x) {
  float low = 0, high = 0;
  for (const float value : x) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  Quantized row;
  if (kind == Quantization::w10a16) {
    const float peak = std::max(-low, high), by = peak > 0 ? limit / peak : 0;
    row.scale = peak / limit;
    for (const float value : x) row.values.push_back(static_cast<int32_t>(std::nearbyint(value * by)));
    return row;
  }
  const float range = high - low, by = range > 0 ? 255.0f / range : 0;
  row.scale = range / 255.0f;
  row.zero = static_cast<int32_t>(std::nearbyint(-low * by));
  for (const float value : x)
    row.values.push_back(std::clamp(static_cast<int32_t>(std::nearbyint(value * by)) + row.zero, 0, 255));
  return row;
}

Quantized quantize_weights(Quantization kind, std::span<const float> weights) {
  const float most = kind == Quantization::w10a16 ? 511.0f : 63.0f;
  float peak = 0;
  for (const float value : weights) peak = std::max(peak, std::abs(value));
  Quantized column;
  column.scale = peak / most;
  for (const float value : weights)
    column.values.push_back(peak > 0 ? static_cast<int32_t>(std::nearbyint(value * (most / peak))) : 0);
  return column;
}

float quantized_product(const Quantized& row, const Quantized& weights, float bias) {
  int32_t sum = 0;
  for (size_t i = 0; i < row.values.size(); ++i) sum += (row.values[i] - row.zero) * weights.values[i];
  return static_cast<float>(sum) * (row.scale * weights.scale) + bias;
}

std::vector<float> attention(std::span<const float> q, std::span<const float> k, std::span<const float> v,
                             size_t queries, size_t keys, size_t head_dim, size_t first, bool causal,
                             float scale) {
  std::vector<float> out(queries * head_dim);
  for (size_t i = 0; i < queries; ++i) {
    const size_t seen = causal ? std::min(keys, first + i + 1) : keys;
    std::vector<float> scores(seen);
    for (size_t j = 0; j < seen; ++j) {
      double sum = 0;
      for (size_t d = 0; d < head_dim; ++d)
        sum += static_cast<double>(q[i * head_dim + d]) * k[j * head_dim + d];
      scores[j] = static_cast<float>(sum * scale);
    }
    const std::vector<float> weights = softmax(scores);
    for (size_t d = 0; d < head_dim; ++d) {
      double sum = 0;
      for (size_t j = 0; j < seen; ++j) sum += static_cast<double>(weights[j]) * v[j * head_dim + d];
      out[i * head_dim + d] = static_cast<float>(sum);
    }
  }
  return out;
}

std::vector<float> layer_norm(std::span<const float> x, std::span<const float> gamma,
                              std::span<const float> beta, float eps) {
  const auto count = static_cast<double>(x.size());
  double mean = 0, variance = 0;
  for (const float value : x) mean += value / count;
  for (const float value : x) variance += (value - mean) * (value - mean) / count;
  std::vector<float> y(x.size());
  for (size_t i = 0; i < x.size(); ++i)
    y[i] = static_cast<float>((x[i] - mean) / std::sqrt(variance + eps) * gamma[i] + beta[i]);
  return y;
}

std::vector<float> softmax(std::span<const float> x) {
  const double peak = *std::max_element(x.begin(), x.end());
  double sum = 0;
  for (const float value : x) sum += std::exp(value - peak);
  std::vector<float> y(x.size());
  for (size_t i = 0; i < x.size(); ++i) y[i] = static_cast<float>(std::exp(x[i] - peak) / sum);
  return y;
}

float gelu(float x) { return static_cast<float>(0.5 * x * (1.0 + std::erf(x / std::sqrt(2.0)))); }

float gelu_tanh(float x) {
  const double u = std::sqrt(2.0 / M_PI) * (x + 0.044715 * x * x * x);
  return static_cast<float>(x / (1.0 + std::exp(-2.0 * u)));  // the same, exact also where tanh is near -1
}

float relu(float x) { return x > 0 ? x : 0; }

float quick_gelu(float x) { return static_cast<float>(x / (1.0 + std::exp(-1.702 * x))); }

std::vector<float> normalize(std::span<const float> x) {
  double squares = 0;
  for (const float value : x) squares += static_cast<double>(value) * value;
  std::vector<float> y(x.begin(), x.end());
  if (squares > 0)
    for (float& value : y) value = static_cast<float>(value / std::sqrt(squares));
  return y;
}

double dot_f16(std::span<const uint16_t> row, std::span<const float> query) {
  double sum = 0;
  for (size_t i = 0; i < row.size(); ++i) sum += static_cast<double>(base::f16_to_f32(row[i])) * query[i];
  return sum;
}

bool in_range(int64_t number, const NumberRange& range) {
  if (number == 0) return false;
  const bool within = range.low <= number && number <= range.high;
  return range.outside ? !within : within;
}

}  // namespace elanus::ops::reference
