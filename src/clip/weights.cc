#include "clip/weights.h"

namespace elanus::clip {
namespace {

constexpr const char* kBias = "#bias";
constexpr const char* kColumns = "#columns";  // of quantised weights: biases, scales, sums, limit

Result<Weights> floats_from(const WeightSource& source, const std::string& name, size_t n, size_t k,
                            const std::function<Result<Unpacked>()>& read) {
  if (source.packed) {
    const PackedEntry weights = TRY(source.packed->entry(name, PackedEntry::Kind::matrix));
    const PackedEntry bias = TRY(source.packed->entry(name + kBias, PackedEntry::Kind::values));
    return Weights(TRY(ops::PackedMatrix::borrow(source.kernels, n, k, weights.dtype == io::Dtype::f16,
                                                 source.packed->bytes(weights), source.packed->bytes(bias))));
  }
  const Unpacked layer = TRY(read());
  ops::PackedMatrix matrix = TRY(
      base::within(name, ops::PackedMatrix::pack(source.kernels, source.pool, n, k, layer.rows, layer.bias)));
  if (source.writer) {
    const auto dtype = matrix.view().f16 ? io::Dtype::f16 : io::Dtype::f32;
    source.writer->add(name, {.kind = PackedEntry::Kind::matrix, .dtype = dtype, .n = n, .k = k},
                       matrix.weight_bytes());
    source.writer->add(name + kBias,
                       {.kind = PackedEntry::Kind::values, .n = matrix.bias_bytes().size() / sizeof(float)},
                       matrix.bias_bytes());
  }
  return Weights(std::move(matrix));
}

Result<Weights> integers_from(const WeightSource& source, const std::string& name, size_t n, size_t k,
                              ops::Quantization kind, const std::function<Result<Unpacked>()>& read) {
  const ops::QuantizedKernels& kernels = ops::quantized_kernels(source.kernels.level);
  if (source.packed) {
    const PackedEntry weights = TRY(source.packed->entry(name, PackedEntry::Kind::bytes));
    const PackedEntry columns = TRY(source.packed->entry(name + kColumns, PackedEntry::Kind::bytes));
    return Weights(TRY(ops::QuantizedMatrix::borrow(kernels, kind, n, k, source.packed->bytes(weights),
                                                    source.packed->bytes(columns))));
  }
  const Unpacked layer = TRY(read());
  ops::QuantizedMatrix matrix = TRY(base::within(
      name, ops::QuantizedMatrix::pack(kernels, source.pool, kind, n, k, layer.rows, layer.bias)));
  const auto keep = [&](const std::string& entry, std::span<const std::byte> bytes) {
    source.writer->add(entry, {.kind = PackedEntry::Kind::bytes, .n = bytes.size()}, bytes);
  };
  if (source.writer) {
    keep(name, matrix.weight_bytes());
    keep(name + kColumns, matrix.column_bytes());
  }
  return Weights(std::move(matrix));
}

}  // namespace

Result<Weights> weights_from(const WeightSource& source, const std::string& name, size_t n, size_t k,
                             const std::function<Result<Unpacked>()>& read) {
  if (const auto kind = quantization(source.precision)) return integers_from(source, name, n, k, *kind, read);
  return floats_from(source, name, n, k, read);
}

}  // namespace elanus::clip
