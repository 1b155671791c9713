#include "index/codes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "ops/kernels.h"

namespace elanus::index {
namespace {

float dot(std::span<const float> a, std::span<const float> b) {
  // Four sums, which the compiler keeps in one register.
  std::array<float, 4> sums{};
  size_t i = 0;
  for (; i + 4 <= a.size(); i += 4)
    for (size_t lane = 0; lane < 4; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  for (; i < a.size(); ++i) sums[0] += a[i] * b[i];
  return sums[0] + sums[1] + (sums[2] + sums[3]);
}

// matrix * x, for a symmetric matrix of half floats.
std::vector<float> product(std::span<const uint16_t> matrix, std::span<const float> x) {
  std::vector<float> out(x.size());
  ops::kernels().dot_f16_rows(matrix.data(), x.size(), x.size(), x.data(), x.size(), out.data());
  return out;
}

// The signs of eight values: bit i for value i.
uint8_t signs_of(const float* y, size_t n) {
  unsigned bits = 0;
  for (size_t i = 0; i < n; ++i) bits |= static_cast<unsigned>(y[i] >= 0) << i;
  return static_cast<uint8_t>(bits);
}

struct Tail {
  float factor, along;
};

Tail tail_of(std::span<const float> y, std::span<const float> direction) {
  std::array<float, 4> magnitudes{};
  size_t d = 0;
  for (; d + 4 <= y.size(); d += 4)
    for (size_t lane = 0; lane < 4; ++lane) magnitudes[lane] += std::fabs(y[d + lane]);
  for (; d < y.size(); ++d) magnitudes[0] += std::fabs(y[d]);
  const float magnitude = magnitudes[0] + magnitudes[1] + (magnitudes[2] + magnitudes[3]);
  // Not a number when y is not: such a row is never found.
  return {magnitude == 0 ? 0 : dot(y, y) / magnitude, dot(y, direction)};
}

std::vector<float> direction_of(std::span<const float> vector) {
  std::vector<float> direction(vector.begin(), vector.end());
  ops::kernels().normalize(direction.data(), direction.size());
  return direction;
}

}  // namespace

void encode(const Frame& frame, std::span<const uint16_t> rows, std::span<uint8_t> blocks) {
  const size_t dim = frame.dim(), n = rows.size() / dim, bytes = code_bytes(frame.dim());
  const auto direction = direction_of(frame.centre);
  std::vector<float> y(dim);
  std::fill(blocks.begin(), blocks.end(), uint8_t{0});
  for (size_t i = 0; i < block_count(n) * ops::kBlockRows; ++i) {
    uint8_t* block = blocks.data() + i / ops::kBlockRows * ops::block_bytes(bytes);
    const size_t lane = i % ops::kBlockRows;
    Tail tail{std::numeric_limits<float>::quiet_NaN(), 0};
    if (i < n) {
      ops::kernels().f16_to_f32(rows.data() + i * dim, y.data(), dim);
      frame.rotation.apply(y);
      for (size_t d = 0; d < dim; ++d) y[d] -= frame.centre[d];
      for (size_t d = 0; d < dim; d += 8)
        block[d / 8 * ops::kBlockRows + lane] = signs_of(y.data() + d, std::min<size_t>(8, dim - d));
      tail = tail_of(y, direction);
    }
    uint8_t* tails = block + bytes * ops::kBlockRows;
    std::memcpy(tails + lane * sizeof(float), &tail.factor, sizeof(float));
    std::memcpy(tails + (ops::kBlockRows + lane) * sizeof(float), &tail.along, sizeof(float));
  }
}

PreparedQuery::PreparedQuery(const Frame& frame, std::span<const float> query) {
  const size_t dim = frame.dim();
  std::vector<float> q(query.begin(), query.end());
  frame.rotation.apply(q);
  const auto direction = direction_of(frame.centre);
  base_ = dot(q, frame.centre);
  const float along = dot(q, direction);
  for (size_t d = 0; d < dim; ++d) q[d] -= along * direction[d];
  const auto weights = product(frame.shrink, q);
  // Of rows with |y|^2 = dim: how much y . q varies, and how much of that the codes do not tell.
  const float varies = std::max(dot(q, product(frame.covariance, q)), 1e-12f);
  const float told = std::max(dot(q, weights), 0.0f);
  // Rows may lie where the sample had none: the estimate is never stretched more than five times.
  const float rho = std::max(1 - kCodeNoise * told / varies, 0.2f);
  // |y|^2 = factor^2 dim 2 / pi.
  deviation_ = std::sqrt(kCodeNoise / (1 + kCodeNoise) * told / rho);
  code_.slope = along;
  fill_tables(weights, rho);
}

void PreparedQuery::fill_tables(std::span<const float> weights, float rho) {
  code_.code_bytes = code_bytes(static_cast<uint32_t>(weights.size()));
  storage_.resize(ops::table_bytes(code_.code_bytes) + 64);
  uint8_t* tables = storage_.data() + (64 - reinterpret_cast<uintptr_t>(storage_.data()) % 64) % 64;
  code_.tables = tables;
  std::vector<float> padded(code_.code_bytes * 8);
  std::copy(weights.begin(), weights.end(), padded.begin());
  float widest = 0;
  for (size_t d = 0; d < padded.size(); d += 4) {
    float range = 0;
    for (size_t b = 0; b < 4; ++b) range += std::fabs(padded[d + b]);
    widest = std::max(widest, range);
  }
  const float step = widest / ops::kMaxTableEntry, inverse = step > 0 ? 1 / step : 0;
  double lowest = 0, total = 0;
  for (size_t d = 0; d < padded.size(); d += 4) {
    // Entry v is the sum of the weights of its bits, above the least such sum, in steps.
    std::array<float, 16> sums;
    sums[0] = 0.5f;
    for (size_t b = 0; b < 4; ++b) {
      sums[0] -= std::min(padded[d + b], 0.0f) * inverse;
      lowest += std::min(padded[d + b], 0.0f);
      total += padded[d + b];
    }
    for (size_t b = 0; b < 4; ++b)
      for (size_t v = 0; v < size_t{1} << b; ++v)
        sums[v + (size_t{1} << b)] = sums[v] + padded[d + b] * inverse;
    uint8_t* table = tables + ops::table_offset(d / 8, d % 8 != 0);
    for (size_t v = 0; v < 16; ++v)
      table[v] = table[v + 16] =
          static_cast<uint8_t>(std::clamp(static_cast<int>(sums[v]), 0, int{ops::kMaxTableEntry}));
  }
  // signs . w = 2 (sum of the weights of set bits) - (sum of all).
  code_.scale = 2 * step / rho;
  // Each entry is off by up to half a step, evenly.
  const float rounding = code_.scale * code_.scale * static_cast<float>(padded.size() / 4) / 12;
  deviation_ = std::sqrt(deviation_ * deviation_ + rounding);
  code_.offset = static_cast<float>(2 * lowest - total) / rho;
}

}  // namespace elanus::index
