// From a checkpoint's tensors to what the towers compute with.
#pragma once
#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/thread_pool.h"
#include "clip/checkpoint.h"
#include "clip/linear.h"
#include "clip/packed_file.h"
#include "clip/precision.h"
#include "ops/kernels.h"
#include "ops/packed_matrix.h"

namespace elanus::clip {

// Where weights come from and how they are packed. All load_ functions below ask `packed` when there is one,
// else the checkpoint; a tower that reads weights in no other way starts from its packed file without
// knowing.
struct WeightSource {
  const Checkpoint& checkpoint;
  const ops::Kernels& kernels;
  base::ThreadPool& pool;
  const PackedFile* packed = nullptr;  // made by `writer` before
  PackedWriter* writer = nullptr;      // keeps what is loaded for the next start
  Precision precision = Precision::exact;

  // The same for a layer that is small and comes last, where rounding is saved on nothing.
  WeightSource exactly() const { return {checkpoint, kernels, pool, packed, writer, Precision::exact}; }
};

// A row-major matrix left in the checkpoint's mapping and type, read row by row. Valid as long as the
// checkpoint.
class MatrixRows {
 public:
  MatrixRows() = default;
  // The first dimension counts rows; the others are one row.
  MatrixRows(const io::TensorView& view, const ops::Kernels& kernels);
  // out.size() == columns.
  void read(size_t row, std::span<float> out) const;
  size_t rows() const { return rows_; }

 private:
  const ops::Kernels* kernels_ = nullptr;
  io::Dtype dtype_ = io::Dtype::f32;
  const std::byte* data_ = nullptr;
  size_t rows_ = 0, columns_ = 0;
};

// The tensor `name` of `shape`, its first dimension the rows, left where it lies.
Result<MatrixRows> load_rows(const WeightSource& source, const std::string& name,
                             std::initializer_list<size_t> shape);

// The tensor `name` of `shape` as a matrix without bias: its first dimension the outputs, the others one row.
Result<Weights> load_matrix(const WeightSource& source, const std::string& name,
                            std::initializer_list<size_t> shape);

// Names of linear layers of equal shape, stacked by their outputs: {"k_proj", "v_proj"} is one matrix of 2n x
// k.
// "<name>.weight" is [n, k]; with `bias`, "<name>.bias" is [n].
Result<Weights> load_linear(const WeightSource& source, std::span<const std::string> names, size_t n,
                            size_t k, bool bias);
Result<Weights> load_linear(const WeightSource& source, const std::string& name, size_t n, size_t k,
                            bool bias);

// `count` of the three stacked layers [width, width] of nn.MultiheadAttention, from `first` on: rows of
// "<name>_weight" [3 width, width] and "<name>_bias".
Result<Weights> load_stacked_linear(const WeightSource& source, const std::string& name, size_t first,
                                    size_t count, size_t width);

// All elements of the tensor `name` of `shape`.
Result<std::vector<float>> load_values(const WeightSource& source, const std::string& name,
                                       std::initializer_list<size_t> shape);

struct LayerNorm {
  std::vector<float> gamma, beta;
  float eps = 0;
};
// "<name>.weight" and "<name>.bias".
Result<LayerNorm> load_layer_norm(const WeightSource& source, const std::string& name, size_t width,
                                  float eps);

}  // namespace elanus::clip
