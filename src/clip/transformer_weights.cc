#include "clip/transformer_weights.h"

#include <algorithm>
#include <cstring>

#include "base/f16.h"

namespace elanus::clip {

MatrixRows::MatrixRows(const io::TensorView& view, const ops::Kernels& kernels)
    : kernels_(&kernels),
      dtype_(view.dtype),
      data_(view.data.data()),
      rows_(view.shape.front()),
      columns_(rows_ == 0 ? 0 : view.elements() / rows_) {}

void MatrixRows::read(size_t row, std::span<float> out) const {
  if (dtype_ == io::Dtype::f32) {
    std::memcpy(out.data(), data_ + row * columns_ * sizeof(float), columns_ * sizeof(float));
    return;
  }
  // The mapping is of no particular alignment, so halves pass through a small aligned block.
  uint16_t block[512];
  const std::byte* from = data_ + row * columns_ * sizeof(uint16_t);
  for (size_t first = 0; first < columns_; first += std::size(block)) {
    const size_t count = std::min(columns_ - first, std::size(block));
    std::memcpy(block, from + first * sizeof(uint16_t), count * sizeof(uint16_t));
    if (dtype_ == io::Dtype::f16)
      kernels_->f16_to_f32(block, out.data() + first, count);
    else
      std::transform(block, block + count, out.begin() + static_cast<std::ptrdiff_t>(first),
                     base::bf16_to_f32);
  }
}

Result<ops::PackedMatrix> load_linear(const WeightSource& source, std::span<const std::string> names,
                                      size_t n, size_t k, bool bias) {
  std::vector<MatrixRows> parts;
  std::vector<float> biases;
  for (const std::string& name : names) {
    parts.emplace_back(TRY(source.checkpoint.tensor(name + ".weight", {n, k})), source.kernels);
    if (!bias) continue;
    const std::vector<float> part = TRY(load_vector(source, name + ".bias", n));
    biases.insert(biases.end(), part.begin(), part.end());
  }
  const auto row = [&](size_t r, std::span<float> out) { parts[r / n].read(r % n, out); };
  return base::within(names.front(),
                      ops::PackedMatrix::pack(source.kernels, source.pool, n * parts.size(), k, row, biases));
}

Result<ops::PackedMatrix> load_linear(const WeightSource& source, const std::string& name, size_t n, size_t k,
                                      bool bias) {
  return load_linear(source, std::span(&name, 1), n, k, bias);
}

Result<std::vector<float>> load_vector(const WeightSource& source, const std::string& name, size_t n) {
  return to_f32(TRY(source.checkpoint.tensor(name, {n})));
}

Result<LayerNorm> load_layer_norm(const WeightSource& source, const std::string& name, size_t width,
                                  float eps) {
  LayerNorm norm;
  norm.gamma = TRY(load_vector(source, name + ".weight", width));
  norm.beta = TRY(load_vector(source, name + ".bias", width));
  norm.eps = eps;
  return norm;
}

}  // namespace elanus::clip
