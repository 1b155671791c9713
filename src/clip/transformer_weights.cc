#include "clip/transformer_weights.h"

#include <algorithm>
#include <cstring>

#include "base/f16.h"
#include "clip/weights.h"

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

namespace {

size_t product(std::span<const size_t> shape) {
  size_t elements = 1;
  for (const size_t size : shape) elements *= size;
  return elements;
}

}  // namespace

Result<MatrixRows> load_rows(const WeightSource& source, const std::string& name,
                             std::initializer_list<size_t> shape) {
  const size_t n = *shape.begin(), k = product(shape) / n;
  if (source.packed) {
    const PackedEntry entry = TRY(source.packed->entry(name, PackedEntry::Kind::rows));
    if (entry.n != n || entry.k != k)
      return Error(ErrorKind::mismatch, source.packed->path().string() + ": " + name + ": expected shape " +
                                            io::shape_text(shape));
    return MatrixRows({entry.dtype, "", {n, k}, source.packed->bytes(entry)}, source.kernels);
  }
  const io::TensorView view = TRY(source.checkpoint.tensor(name, shape));
  if (source.writer) {
    const PackedEntry entry{.kind = PackedEntry::Kind::rows, .dtype = view.dtype, .n = n, .k = k};
    const auto place = source.checkpoint.place_of(view);
    if (place)
      source.writer->refer(name, entry, view.data, place->file, place->at);
    else
      source.writer->add(name, entry, view.data);
  }
  return MatrixRows(view, source.kernels);
}

Result<std::vector<float>> load_values(const WeightSource& source, const std::string& name,
                                       std::initializer_list<size_t> shape) {
  if (source.packed) {
    const PackedEntry entry = TRY(source.packed->entry(name, PackedEntry::Kind::values));
    if (entry.n != product(shape))
      return Error(ErrorKind::mismatch, source.packed->path().string() + ": " + name + ": expected shape " +
                                            io::shape_text(shape));
    std::vector<float> values(entry.n);
    std::memcpy(values.data(), source.packed->bytes(entry).data(), entry.bytes);
    return values;
  }
  std::vector<float> values = to_f32(TRY(source.checkpoint.tensor(name, shape)));
  if (source.writer)
    source.writer->add(name, {.kind = PackedEntry::Kind::values, .n = values.size()},
                       std::as_bytes(std::span(values)));
  return values;
}

Result<Weights> load_matrix(const WeightSource& source, const std::string& name,
                            std::initializer_list<size_t> shape) {
  const size_t n = *shape.begin(), k = product(shape) / n;
  return weights_from(source, name, n, k, [&]() -> Result<Unpacked> {
    const MatrixRows rows(TRY(source.checkpoint.tensor(name, shape)), source.kernels);
    return Unpacked{[rows](size_t row, std::span<float> out) { rows.read(row, out); }, {}};
  });
}

Result<Weights> load_stacked_linear(const WeightSource& source, const std::string& name, size_t first,
                                    size_t count, size_t width) {
  const size_t n = count * width;
  return weights_from(source, name + std::to_string(first), n, width, [&]() -> Result<Unpacked> {
    const MatrixRows rows(TRY(source.checkpoint.tensor(name + "_weight", {3 * width, width})),
                          source.kernels);
    const auto bias = to_f32(TRY(source.checkpoint.tensor(name + "_bias", {3 * width})));
    const auto begin = bias.begin() + static_cast<std::ptrdiff_t>(first * width);
    return Unpacked{[=](size_t r, std::span<float> out) { rows.read(first * width + r, out); },
                    {begin, begin + static_cast<std::ptrdiff_t>(n)}};
  });
}

Result<Weights> load_linear(const WeightSource& source, std::span<const std::string> names, size_t n,
                            size_t k, bool bias) {
  std::string joined;
  for (const std::string& name : names) joined += (joined.empty() ? "" : "+") + name;
  const size_t outputs = n * names.size();
  return weights_from(source, joined, outputs, k, [&]() -> Result<Unpacked> {
    std::vector<MatrixRows> parts;
    std::vector<float> biases;
    for (const std::string& name : names) {
      parts.emplace_back(TRY(source.checkpoint.tensor(name + ".weight", {n, k})), source.kernels);
      if (!bias) continue;
      const std::vector<float> part = to_f32(TRY(source.checkpoint.tensor(name + ".bias", {n})));
      biases.insert(biases.end(), part.begin(), part.end());
    }
    return Unpacked{[=](size_t r, std::span<float> out) { parts[r / n].read(r % n, out); },
                    std::move(biases)};
  });
}

Result<Weights> load_linear(const WeightSource& source, const std::string& name, size_t n, size_t k,
                            bool bias) {
  return load_linear(source, std::span(&name, 1), n, k, bias);
}

Result<LayerNorm> load_layer_norm(const WeightSource& source, const std::string& name, size_t width,
                                  float eps) {
  LayerNorm norm;
  norm.gamma = TRY(load_values(source, name + ".weight", {width}));
  norm.beta = TRY(load_values(source, name + ".bias", {width}));
  norm.eps = eps;
  return norm;
}

}  // namespace elanus::clip
