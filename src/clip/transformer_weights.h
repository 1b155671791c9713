// From a checkpoint's tensors to what the towers compute with.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/thread_pool.h"
#include "clip/checkpoint.h"
#include "ops/kernels.h"
#include "ops/packed_matrix.h"

namespace elanus::clip {

// Where weights come from and how they are packed.
struct WeightSource {
  const Checkpoint& checkpoint;
  const ops::Kernels& kernels;
  base::ThreadPool& pool;
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

// Names of linear layers of equal shape, stacked by their outputs: {"k_proj", "v_proj"} is one matrix of 2n x
// k.
// "<name>.weight" is [n, k]; with `bias`, "<name>.bias" is [n].
Result<ops::PackedMatrix> load_linear(const WeightSource& source, std::span<const std::string> names,
                                      size_t n, size_t k, bool bias);
Result<ops::PackedMatrix> load_linear(const WeightSource& source, const std::string& name, size_t n, size_t k,
                                      bool bias);

Result<std::vector<float>> load_vector(const WeightSource& source, const std::string& name, size_t n);

struct LayerNorm {
  std::vector<float> gamma, beta;
  float eps = 0;
};
// "<name>.weight" and "<name>.bias".
Result<LayerNorm> load_layer_norm(const WeightSource& source, const std::string& name, size_t width,
                                  float eps);

}  // namespace elanus::clip
