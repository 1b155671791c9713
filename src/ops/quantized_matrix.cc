#include "ops/quantized_matrix.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>
#include <vector>

#include "base/checked.h"

namespace elanus::ops {
namespace {

constexpr float kLargestActivation = 32767.0f;
// An input whose weights are smaller than that beside the others' is hardly read at all.
constexpr double kMostEqualised = 1024;

float largest_weight(Quantization kind) { return kind == Quantization::w10a16 ? 511.0f : 63.0f; }

// Bytes of one output's weights, packed.
size_t column_size(Quantization kind, size_t k) {
  const size_t padded = padded_inputs(kind, k);
  return kind == Quantization::w10a16 ? padded / 12 * 16 : padded;
}

// One output's weights in integers.
struct Column {
  float scale = 0;
  int32_t sum = 0;
  double magnitude = 0;  // sum of |weights|
  bool finite = true;
};

Column quantize_column(Quantization kind, std::span<const float> weights, std::span<int16_t> to) {
  Column column;
  float peak = 0;
  for (const float value : weights) {
    column.finite = column.finite && std::isfinite(value);
    peak = std::max(peak, std::abs(value));
  }
  if (!column.finite) return column;
  column.scale = peak / largest_weight(kind);
  const float by = largest_weight(kind) / peak;
  for (size_t i = 0; i < weights.size(); ++i) {
    // Not finite when all weights are zeros, or too small to be divided by.
    const float value = std::isfinite(by) ? std::nearbyint(weights[i] * by) : 0.0f;
    to[i] = static_cast<int16_t>(value);
    column.sum += to[i];
    column.magnitude += std::abs(value);
  }
  return column;
}

// Puts output `j` of a panel where QuantizedView::data says.
void place_column(Quantization kind, size_t width, size_t j, std::span<const int16_t> weights,
                  int8_t* panel) {
  for (size_t i = 0; i < weights.size(); ++i) {
    if (kind == Quantization::w7a8) {
      panel[(i / 4 * width + j) * 4 + i % 4] = static_cast<int8_t>(weights[i]);
      continue;
    }
    auto* const block = reinterpret_cast<uint16_t*>(panel) + i / 12 * 8 * width;
    const size_t pair = i % 12 / 2, lane = 2 * j + i % 2, word = 2 * width;
    const auto bits = static_cast<uint16_t>(weights[i] & 1023);
    if (pair < 4) {
      block[pair * word + lane] |= static_cast<uint16_t>(bits << 6);
    } else {
      block[(pair - 4) * 2 * word + lane] |= static_cast<uint16_t>(bits >> 4);
      block[((pair - 4) * 2 + 1) * word + lane] |= static_cast<uint16_t>((bits & 15) << 2);
    }
  }
}

// What each input's weights are multiplied by: the power of two that brings their root mean square nearest to
// that of the largest.
std::vector<float> input_powers(base::ThreadPool& pool, size_t n, size_t k, const RowReader& rows) {
  std::vector<std::vector<double>> squares(pool.size(), std::vector<double>(k));
  std::vector<std::vector<float>> row(pool.size(), std::vector<float>(k));
  pool.run(n, [&](size_t j, unsigned worker) {
    rows(j, row[worker]);
    for (size_t i = 0; i < k; ++i) squares[worker][i] += static_cast<double>(row[worker][i]) * row[worker][i];
  });
  std::vector<double> total(k);
  for (const auto& part : squares)
    for (size_t i = 0; i < k; ++i) total[i] += part[i];
  const double largest = *std::max_element(total.begin(), total.end());
  std::vector<float> powers(k, 1.0f);
  for (size_t i = 0; i < k; ++i) {
    const double ratio = std::sqrt(largest / total[i]);  // not a number, or infinite, where all are zeros
    if (ratio <= kMostEqualised) powers[i] = std::exp2(static_cast<float>(std::nearbyint(std::log2(ratio))));
  }
  return powers;
}

Error no_shape(size_t n, size_t k) {
  return Error(ErrorKind::invalid_argument,
               "a weight matrix of " + std::to_string(n) + " x " + std::to_string(k));
}

}  // namespace

void QuantizedMatrix::lay_out(const std::byte* weights, const std::byte* columns) {
  const size_t n = padded_n();
  const auto* values = reinterpret_cast<const float*>(columns);
  view_.data = reinterpret_cast<const int8_t*>(weights);
  view_.bias = values;
  view_.scale = values + n;
  view_.sums = reinterpret_cast<const int32_t*>(values + 2 * n);
  view_.inverse = values + 3 * n;
  view_.limit = values[3 * n + padded_inputs(view_.kind, view_.k)];
}

std::span<const std::byte> QuantizedMatrix::weight_bytes() const {
  return {reinterpret_cast<const std::byte*>(view_.data), padded_n() * column_size(view_.kind, view_.k)};
}

std::span<const std::byte> QuantizedMatrix::column_bytes() const {
  return {reinterpret_cast<const std::byte*>(view_.bias),
          (3 * padded_n() + padded_inputs(view_.kind, view_.k) + 1) * sizeof(float)};
}

Result<QuantizedMatrix> QuantizedMatrix::borrow(const QuantizedKernels& kernels, Quantization kind, size_t n,
                                                size_t k, std::span<const std::byte> weights,
                                                std::span<const std::byte> columns) {
  if (n == 0 || k == 0) return no_shape(n, k);
  QuantizedMatrix m(kernels, kind, n, k);
  const auto expected = base::checked_mul(m.padded_n(), column_size(kind, k));
  if (!expected || weights.size() != *expected || columns.size() != m.column_bytes().size())
    return Error(ErrorKind::mismatch, "a quantised matrix of " + std::to_string(n) + " x " +
                                          std::to_string(k) + " has " + std::to_string(weights.size()) +
                                          " and " + std::to_string(columns.size()) +
                                          " bytes, which is not this level's size");
  m.lay_out(weights.data(), columns.data());
  if (!(m.view_.limit >= 1 && m.view_.limit <= kLargestActivation))
    return Error(ErrorKind::mismatch, "a quantised matrix allows activations up to " +
                                          std::to_string(m.view_.limit) + ", expected 1 to 32767");
  return m;
}

Result<QuantizedMatrix> QuantizedMatrix::pack(const QuantizedKernels& kernels, base::ThreadPool& pool,
                                              Quantization kind, size_t n, size_t k, const RowReader& rows,
                                              std::span<const float> bias) {
  if (n == 0 || k == 0 || (!bias.empty() && bias.size() != n)) return no_shape(n, k);
  QuantizedMatrix m(kernels, kind, n, k);
  const size_t padded = padded_inputs(kind, k), width = kernels.panel_width,
               column_bytes = column_size(kind, k);
  const auto bytes = base::checked_mul(m.padded_n(), padded, sizeof(float));
  if (!bytes)
    return Error(ErrorKind::too_large, "a weight matrix of " + std::to_string(n) + " x " + std::to_string(k));
  m.weights_ = TRY(Buffer::allocate(m.padded_n() * column_bytes));
  const size_t columns = 3 * m.padded_n() + padded + 1;
  m.columns_ = TRY(Buffer::allocate(columns * sizeof(float)));
  std::fill_n(m.columns_.floats(), columns, 0.0f);
  std::copy(bias.begin(), bias.end(), m.columns_.floats());
  float* const scales = m.columns_.floats() + m.padded_n();
  auto* const sums = reinterpret_cast<int32_t*>(scales + m.padded_n());
  const std::vector<float> powers = input_powers(pool, n, k, rows);
  std::transform(powers.begin(), powers.end(), m.columns_.floats() + 3 * m.padded_n(),
                 [](float power) { return 1.0f / power; });
  std::atomic<bool> finite = true;
  std::vector<double> magnitudes(m.panels());
  pool.run(m.panels(), [&](size_t panel, unsigned) {
    auto* const to = reinterpret_cast<int8_t*>(m.weights_.data()) + panel * width * column_bytes;
    std::fill_n(to, width * column_bytes, int8_t{0});
    std::vector<float> row(k);
    std::vector<int16_t> integers(k);
    for (size_t j = 0; j < width && panel * width + j < n; ++j) {
      rows(panel * width + j, row);
      for (size_t i = 0; i < k; ++i) row[i] *= powers[i];
      const Column column = quantize_column(kind, row, integers);
      if (!column.finite) finite = false;
      scales[panel * width + j] = column.scale;
      sums[panel * width + j] = column.sum;
      magnitudes[panel] = std::max(magnitudes[panel], column.magnitude);
      place_column(kind, width, j, integers, to);
    }
  });
  if (!finite) return Error(ErrorKind::corrupt, "a weight that is not finite cannot be quantised");
  const double most = std::max(1.0, *std::max_element(magnitudes.begin(), magnitudes.end()));
  // No partial sum can leave 32 bits; with more than 2^22 inputs of the largest weight there would be nothing
  // left.
  m.columns_.floats()[columns - 1] =
      static_cast<float>(std::clamp(std::floor(2147483647.0 / most), 1.0, double{kLargestActivation}));
  m.lay_out(m.weights_.data(), m.columns_.data());
  return m;
}

}  // namespace elanus::ops
