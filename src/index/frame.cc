#include "index/frame.h"

#include <cmath>
#include <cstring>

#include "base/f16.h"
#include "index/covariance.h"
#include "ops/kernels.h"

namespace elanus::index {
namespace {

// The sum of the rotated rows, less `centre`, in columns: [dim][n].
std::vector<float> rotated_columns(const Rotation& rotation, uint32_t dim, std::span<const uint16_t> rows) {
  const size_t n = rows.size() / dim;
  std::vector<float> columns(rows.size()), row(dim);
  for (size_t i = 0; i < n; ++i) {
    ops::kernels().f16_to_f32(rows.data() + i * dim, row.data(), dim);
    rotation.apply(row);
    for (size_t d = 0; d < dim; ++d) columns[d * n + i] = row[d];
  }
  return columns;
}

// I - noise * (covariance + noise I)^-1, by Cholesky: with L L^T = covariance + noise I and X = L^-1, the
// inverse is X^T X.
std::vector<float> wiener(std::span<const float> covariance, uint32_t dim) {
  const size_t n = dim;
  std::vector<double> lower(n * n), inverse(n * n);
  for (size_t i = 0; i < n; ++i) {
    double* row = &lower[i * n];
    for (size_t j = 0; j <= i; ++j) row[j] = covariance[i * n + j] + (i == j ? double{kCodeNoise} : 0.0);
    for (size_t j = 0; j <= i; ++j) {
      const double* other = &lower[j * n];
      double sum = row[j];
      for (size_t k = 0; k < j; ++k) sum -= row[k] * other[k];
      row[j] = i == j ? std::sqrt(sum) : sum / other[j];
    }
  }
  for (size_t i = 0; i < n; ++i) {
    double* row = &inverse[i * n];
    row[i] = 1;
    for (size_t k = 0; k < i; ++k)
      for (size_t j = 0; j <= k; ++j) row[j] -= lower[i * n + k] * inverse[k * n + j];
    for (size_t j = 0; j <= i; ++j) row[j] /= lower[i * n + i];
  }
  std::vector<double> product(n * n);
  for (size_t k = 0; k < n; ++k)
    for (size_t i = 0; i <= k; ++i)
      for (size_t j = 0; j <= i; ++j) product[i * n + j] += inverse[k * n + i] * inverse[k * n + j];
  std::vector<float> result(n * n);
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j <= i; ++j)
      result[i * n + j] = result[j * n + i] =
          static_cast<float>((i == j ? 1.0 : 0.0) - double{kCodeNoise} * product[i * n + j]);
  return result;
}

std::vector<uint16_t> halves(std::span<const float> values) {
  std::vector<uint16_t> rounded(values.size());
  ops::kernels().f32_to_f16(values.data(), rounded.data(), values.size());
  return rounded;
}

}  // namespace

Result<Frame> Frame::learn(uint32_t dim, std::span<const uint16_t> rows) {
  Frame frame{Rotation(dim), std::vector<float>(dim), {}, {}};
  const size_t n = rows.size() / dim;
  auto columns = rotated_columns(frame.rotation, dim, rows);
  for (size_t d = 0; d < dim; ++d) {
    const auto column = std::span(columns).subspan(d * n, n);
    double sum = 0;
    for (const float value : column) sum += value;
    frame.centre[d] = static_cast<float>(sum / static_cast<double>(n));
    for (float& value : column) value -= frame.centre[d];
  }
  auto covariance = TRY(covariance_of(columns, dim));
  scale_to_one(covariance, dim);
  frame.shrink = halves(wiener(covariance, dim));
  frame.covariance = halves(covariance);
  return frame;
}

}  // namespace elanus::index
