// A constant weight matrix in the order in which a level's matmul reads it.
#pragma once
#include <cstddef>
#include <functional>
#include <span>

#include "base/result.h"
#include "base/thread_pool.h"
#include "ops/buffer.h"
#include "ops/kernels.h"

namespace elanus::ops {

// Writes row `row` (k values) to `out`; called from several threads at once.
using RowReader = std::function<void(size_t row, std::span<float> out)>;

// Thread-safety: const after pack.
class PackedMatrix {
 public:
  // n rows (outputs) of k values (inputs), n and k >= 1. `bias` has n values, or none for no bias. Weights
  // are stored as f16 unless that would cost more than rounding does: see docs/decisions/executor.md.
  static Result<PackedMatrix> pack(const Kernels& kernels, base::ThreadPool& pool, size_t n, size_t k,
                                   const RowReader& rows, std::span<const float> bias = {});
  PackedMatrix() = default;

  // A matrix that pack() of the same level made before, in the caller's memory (aligned to 64 bytes), which
  // outlives this one: `weights` and `bias` as weight_bytes() and bias_bytes() gave them. mismatch on any
  // other size.
  static Result<PackedMatrix> borrow(const Kernels& kernels, size_t n, size_t k, bool f16,
                                     std::span<const std::byte> weights, std::span<const std::byte> bias);
  std::span<const std::byte> weight_bytes() const;
  std::span<const std::byte> bias_bytes() const;

  // Valid as long as this matrix lives (also after a move of it).
  const PackedView& view() const { return view_; }
  size_t panels() const { return panels_; }

 private:
  PackedView view_{};
  size_t panels_ = 0, padded_n_ = 0;  // padded_n_: n rounded up to whole panels
  Buffer weights_, bias_;
};

}  // namespace elanus::ops
