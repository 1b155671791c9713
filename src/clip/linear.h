// A linear layer in any precision.
#pragma once
#include <variant>

#include "clip/transformer_workspace.h"
#include "ops/kernels.h"
#include "ops/packed_matrix.h"
#include "ops/quantized_matrix.h"

namespace elanus::clip {

using Weights = std::variant<ops::PackedMatrix, ops::QuantizedMatrix>;

// How many values a row of its input has.
size_t inputs(const Weights& weights);

// c[rows][n] = epilogue(a[rows][k] * weights^T + bias), panels shared out among the crew. Quantised weights
// quantise the rows of `a` in the crew's activations first.
void linear(const Crew& crew, const ops::Kernels& kernels, const Weights& weights, const Rows& a, size_t rows,
            const Rows& c, ops::Epilogue epilogue = ops::Epilogue::none);

// body(row, scratch) for each row; a few rows are not worth waking anybody for.
template <class Body>
void for_rows(const Crew& crew, size_t rows, const Body& body) {
  constexpr size_t kTogether = 16;
  crew.run((rows + kTogether - 1) / kTogether, [&](size_t block, float* scratch) {
    for (size_t row = block * kTogether; row < rows && row < (block + 1) * kTogether; ++row)
      body(row, scratch);
  });
}

}  // namespace elanus::clip
