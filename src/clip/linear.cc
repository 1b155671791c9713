#include "clip/linear.h"

#include <algorithm>

namespace elanus::clip {
namespace {

constexpr size_t kChunksPerWorker = 4;

// A thread that loses its core delays one chunk; within a chunk each panel is prefetched during the one
// before.
template <class Multiply>
void share_panels(const Crew& crew, size_t panels, const Multiply& multiply) {
  const size_t chunks = crew.size() == 1 ? 1 : std::min(panels, crew.size() * kChunksPerWorker);
  crew.run(chunks, [&](size_t i, float* scratch) {
    multiply(panels * i / chunks, panels * (i + 1) / chunks, scratch);
  });
}

void (*activation(const ops::Kernels& kernels, ops::Epilogue epilogue))(float*, size_t) {
  switch (epilogue) {
    case ops::Epilogue::gelu:
      return kernels.gelu;
    case ops::Epilogue::gelu_tanh:
      return kernels.gelu_tanh;
    case ops::Epilogue::quick_gelu:
      return kernels.quick_gelu;
    case ops::Epilogue::relu:
    case ops::Epilogue::add_relu:
      return kernels.relu;
    case ops::Epilogue::none:
    case ops::Epilogue::add:
      break;
  }
  return nullptr;
}

// At most as many rows as there is room for quantised ones.
void quantized_rows(const Crew& crew, const ops::Kernels& kernels, const ops::QuantizedMatrix& weights,
                    const Rows& a, size_t rows, const Rows& c, ops::Epilogue epilogue) {
  const ops::QuantizedView& view = weights.view();
  const QuantizedRows& q = crew.activations().quantized;
  const size_t stride = QuantizedRows::stride(view.k);
  for_rows(crew, rows, [&](size_t i, float*) {
    q.scales[i] = weights.kernels().quantize(view, a.row(i), q.data + i * stride);
  });
  const bool add = epilogue == ops::Epilogue::add || epilogue == ops::Epilogue::add_relu;
  const ops::QuantizedMatmul product{
      q.data, stride, q.scales, rows, view, c.data, c.stride, add, activation(kernels, epilogue)};
  share_panels(crew, weights.panels(),
               [&](size_t begin, size_t end, float*) { weights.kernels().matmul(product, begin, end); });
}

}  // namespace

size_t inputs(const Weights& weights) {
  return std::visit([](const auto& matrix) { return matrix.view().k; }, weights);
}

void linear(const Crew& crew, const ops::Kernels& kernels, const Weights& weights, const Rows& a, size_t rows,
            const Rows& c, ops::Epilogue epilogue) {
  if (const auto* floats = std::get_if<ops::PackedMatrix>(&weights)) {
    const ops::Matmul product{a.data, a.stride, rows, floats->view(), c.data, c.stride, epilogue};
    share_panels(crew, floats->panels(), [&](size_t begin, size_t end, float* scratch) {
      kernels.matmul(product, begin, end, scratch);
    });
    return;
  }
  const auto& integers = std::get<ops::QuantizedMatrix>(weights);
  const size_t room = crew.activations().quantized.rows;
  for (size_t row = 0; row < rows; row += room)
    quantized_rows(crew, kernels, integers, {a.row(row), a.stride}, std::min(room, rows - row),
                   {c.row(row), c.stride}, epilogue);
}

}  // namespace elanus::clip
