// A constant weight matrix in integers, in the order in which quantised products read it.
#pragma once
#include <cstddef>
#include <span>

#include "base/result.h"
#include "base/thread_pool.h"
#include "ops/buffer.h"
#include "ops/packed_matrix.h"
#include "ops/quantized.h"

namespace elanus::ops {

// Thread-safety: const after pack.
class QuantizedMatrix {
 public:
  // n rows (outputs) of k values (inputs), n and k >= 1; each row is divided by its own scale and rounded.
  // Rows are read twice. `bias` has n values, or none for no bias. corrupt when a weight is not finite.
  static Result<QuantizedMatrix> pack(const QuantizedKernels& kernels, base::ThreadPool& pool,
                                      Quantization kind, size_t n, size_t k, const RowReader& rows,
                                      std::span<const float> bias = {});
  QuantizedMatrix() = default;

  // A matrix that pack() of the same panel width made before, in the caller's memory (aligned to 64 bytes),
  // which outlives this one: as weight_bytes() and column_bytes() gave them. mismatch on any other size.
  static Result<QuantizedMatrix> borrow(const QuantizedKernels& kernels, Quantization kind, size_t n,
                                        size_t k, std::span<const std::byte> weights,
                                        std::span<const std::byte> columns);
  std::span<const std::byte> weight_bytes() const;
  // Biases, scales and sums of the outputs, inverse powers of the inputs, then the limit.
  std::span<const std::byte> column_bytes() const;

  // Valid as long as this matrix lives (also after a move of it).
  const QuantizedView& view() const { return view_; }
  const QuantizedKernels& kernels() const { return *kernels_; }
  size_t panels() const { return panel_count(*kernels_, view_.n); }

 private:
  QuantizedMatrix(const QuantizedKernels& kernels, Quantization kind, size_t n, size_t k)
      : kernels_(&kernels) {
    view_.kind = kind;
    view_.n = n;
    view_.k = k;
  }
  size_t padded_n() const { return panels() * kernels_->panel_width; }
  void lay_out(const std::byte* weights, const std::byte* columns);

  const QuantizedKernels* kernels_ = nullptr;
  QuantizedView view_{};
  Buffer weights_, columns_;
};

}  // namespace elanus::ops
