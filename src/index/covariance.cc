#include "index/covariance.h"

#include <algorithm>

#include "ops/kernels.h"
#include "ops/packed_matrix.h"

namespace elanus::index {

Result<std::vector<float>> covariance_of(std::span<const float> columns, uint32_t dim) {
  const size_t n = columns.size() / dim;
  base::ThreadPool alone(1);
  const auto& kernels = ops::kernels();
  const auto packed =
      TRY(ops::PackedMatrix::pack(kernels, alone, dim, n, [&](size_t row, std::span<float> out) {
        std::copy_n(columns.data() + row * n, n, out.data());
      }));
  std::vector<float> covariance(size_t{dim} * dim), scratch(kernels.matmul_scratch);
  kernels.matmul({columns.data(), n, dim, packed.view(), covariance.data(), dim, ops::Epilogue::none}, 0,
                 packed.panels(), scratch.data());
  for (float& value : covariance) value /= static_cast<float>(n);
  return covariance;
}

void scale_to_one(std::span<float> covariance, uint32_t dim) {
  double trace = 0;
  for (size_t d = 0; d < dim; ++d) trace += static_cast<double>(covariance[d * dim + d]);
  const auto scale = static_cast<float>(trace > 1e-12 ? dim / trace : 0.0);
  for (float& value : covariance) value *= scale;
}

}  // namespace elanus::index
