#include "ops/packed_matrix.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/checked.h"
#include "base/f16.h"

namespace elanus::ops {
namespace {

// f16 keeps 11 bits, so rounding normal values costs at most 2^-11 of each. More than that over the whole
// matrix means that values overflow or are subnormal.
constexpr double kF16Tolerance = 0x1p-11;
// Smaller matrices stay in cache either way: f16 would cost accuracy and buy nothing.
constexpr size_t kWorthRounding = size_t{1} << 18;  // weights; 1 MiB of f32

struct Shape {
  size_t n, k, panel_width, panels, k_block;
};

struct Loss {
  double squared_error = 0, squared_norm = 0;
  bool acceptable(size_t weights) const {
    if (squared_error == 0) return true;
    return weights >= kWorthRounding && squared_error <= kF16Tolerance * kF16Tolerance * squared_norm;
  }
};

// The k-block that divides k most evenly.
size_t even_k_block(size_t k, size_t largest) {
  const size_t blocks = (k + largest - 1) / largest;
  return std::min((k + blocks - 1) / blocks, largest);
}

// One panel of all k-blocks. `rows` is panel_width rows of k values, zero beyond n.
template <class W>
void place_panel(const Shape& s, size_t panel, const W* rows, W* to) {
  for (size_t first = 0; first < s.k; first += s.k_block) {
    const size_t k = std::min(s.k_block, s.k - first);
    W* sub_panel = to + (first * s.panels + panel * k) * s.panel_width;
    for (size_t t = 0; t < k; ++t)
      for (size_t j = 0; j < s.panel_width; ++j) sub_panel[t * s.panel_width + j] = rows[j * s.k + first + t];
  }
}

Loss rounding_loss(std::span<const float> exact, std::span<const float> rounded) {
  Loss loss;
  for (size_t i = 0; i < exact.size(); ++i) {
    const double value = exact[i], error = value - rounded[i];
    loss.squared_error += error * error;
    loss.squared_norm += value * value;
  }
  return loss;
}

struct PanelScratch {
  std::vector<float> exact, rounded;
  std::vector<uint16_t> half;
};

// Reads, converts and places every panel; what f16 would lose (and did, when `f16`).
Loss fill(const Kernels& kernels, base::ThreadPool& pool, const Shape& s, const RowReader& rows, bool f16,
          std::byte* to) {
  std::vector<PanelScratch> scratch(pool.size());
  std::vector<Loss> losses(s.panels);
  pool.run(s.panels, [&](size_t panel, unsigned worker) {
    auto& [exact, rounded, half] = scratch[worker];
    exact.assign(s.panel_width * s.k, 0.0f);
    const size_t first = panel * s.panel_width, count = std::min(s.panel_width, s.n - first);
    for (size_t j = 0; j < count; ++j) rows(first + j, std::span(exact).subspan(j * s.k, s.k));
    if (!f16) return place_panel(s, panel, exact.data(), reinterpret_cast<float*>(to));
    half.resize(exact.size());
    rounded.resize(exact.size());
    kernels.f32_to_f16(exact.data(), half.data(), exact.size());
    kernels.f16_to_f32(half.data(), rounded.data(), exact.size());
    losses[panel] = rounding_loss(exact, rounded);
    place_panel(s, panel, half.data(), reinterpret_cast<uint16_t*>(to));
  });
  Loss total;
  for (const Loss& loss : losses) {
    total.squared_error += loss.squared_error;
    total.squared_norm += loss.squared_norm;
  }
  return total;
}

}  // namespace

Result<PackedMatrix> PackedMatrix::borrow(const Kernels& kernels, size_t n, size_t k, bool f16,
                                          std::span<const std::byte> weights,
                                          std::span<const std::byte> bias) {
  if (n == 0 || k == 0) return Error(ErrorKind::invalid_argument, "a weight matrix without rows or columns");
  PackedMatrix m;
  m.panels_ = panel_count(kernels, n);
  m.padded_n_ = m.panels_ * kernels.panel_width;
  m.view_ = {weights.data(),
             f16,
             n,
             k,
             even_k_block(k, kernels.max_k_block),
             reinterpret_cast<const float*>(bias.data())};
  const auto expected = base::checked_mul(m.padded_n_, k, f16 ? sizeof(uint16_t) : sizeof(float));
  if (!expected || weights.size() != *expected || bias.size() != m.bias_bytes().size())
    return Error(ErrorKind::mismatch, "a packed matrix of " + std::to_string(n) + " x " + std::to_string(k) +
                                          " has " + std::to_string(weights.size()) + " and " +
                                          std::to_string(bias.size()) +
                                          " bytes, which is not this level's size");
  return m;
}

std::span<const std::byte> PackedMatrix::weight_bytes() const {
  return {static_cast<const std::byte*>(view_.data),
          padded_n_ * view_.k * (view_.f16 ? sizeof(uint16_t) : sizeof(float))};
}

std::span<const std::byte> PackedMatrix::bias_bytes() const {
  return {reinterpret_cast<const std::byte*>(view_.bias), padded_n_ * sizeof(float)};
}

Result<PackedMatrix> PackedMatrix::pack(const Kernels& kernels, base::ThreadPool& pool, size_t n, size_t k,
                                        const RowReader& rows, std::span<const float> bias) {
  if (n == 0 || k == 0 || (!bias.empty() && bias.size() != n))
    return Error(ErrorKind::invalid_argument, "a weight matrix of " + std::to_string(n) + " x " +
                                                  std::to_string(k) + " with " + std::to_string(bias.size()) +
                                                  " biases");
  const Shape s{n, k, kernels.panel_width, panel_count(kernels, n), even_k_block(k, kernels.max_k_block)};
  const auto elements = base::checked_mul(s.panels, s.panel_width, k, sizeof(float));
  if (!elements)
    return Error(ErrorKind::too_large, "a weight matrix of " + std::to_string(n) + " x " + std::to_string(k));
  PackedMatrix m;
  bool f16 = true;
  m.weights_ = TRY(Buffer::allocate(*elements / 2));
  if (!fill(kernels, pool, s, rows, true, m.weights_.data()).acceptable(n * k)) {
    f16 = false;
    m.weights_ = TRY(Buffer::allocate(*elements));
    fill(kernels, pool, s, rows, false, m.weights_.data());
  }
  m.padded_n_ = s.panels * s.panel_width;
  m.bias_ = TRY(Buffer::allocate(m.padded_n_ * sizeof(float)));
  std::fill_n(m.bias_.floats(), m.padded_n_, 0.0f);
  std::copy(bias.begin(), bias.end(), m.bias_.floats());
  m.panels_ = s.panels;
  m.view_ = {m.weights_.data(), f16, n, k, s.k_block, m.bias_.floats()};
  return m;
}

}  // namespace elanus::ops
