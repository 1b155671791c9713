// Memory of a forward pass, allocated once, and who works in it.
#pragma once
#include <array>
#include <cstddef>
#include <vector>

#include "base/result.h"
#include "base/thread_pool.h"
#include "clip/config.h"
#include "ops/buffer.h"
#include "ops/kernels.h"
#include "ops/quantized.h"

namespace elanus::clip {

// Consecutive rows of Activations::x that attend to each other only.
struct Sequence {
  size_t first, rows;
  size_t pick;  // the row, counted from `first`, whose final state is wanted
};

// Rows of floats, `stride` apart.
struct Rows {
  float* data = nullptr;
  size_t stride = 0;
  float* row(size_t i) const { return data + i * stride; }
};

// Rows of activations in integers, for one product at a time.
struct QuantizedRows {
  std::byte* data = nullptr;
  ops::RowScale* scales = nullptr;  // one for each row
  size_t rows = 0;                  // that there is room for
  // Bytes from one row of k values to the next, whatever their kind.
  static size_t stride(size_t k) {
    return ops::row_stride(ops::padded_inputs(ops::Quantization::w10a16, k) / 2) * sizeof(float);
  }
};

// The activations of one forward pass over at most `capacity` rows.
class Activations {
 public:
  static Result<Activations> allocate(const TransformerConfig& config, size_t capacity, size_t patch_values);
  // For a convolutional tower: four maps of `map_floats`, and `unfolded_floats` as `patches`; layers have at most
  // `inputs` values a row.
  static Result<Activations> allocate_maps(size_t map_floats, size_t unfolded_floats, size_t inputs);

  std::vector<Sequence> sequences;  // of the call in progress; never more than `capacity`
  Rows x, h;                     // [rows][width]: the residual stream; what goes into or comes out of a step
  Rows qkv;                      // [rows][3 width]
  Rows mlp;                      // [rows][mlp_width]
  Rows patches;                  // [rows][patch_values], of the image tower
  std::array<float*, 4> maps{};  // feature maps of a convolutional tower
  QuantizedRows quantized;       // of a quantised layer's input, while it is computed
  Rows px, ph, pq;  // [sequences][width]: the same for the one row per sequence that the last block keeps

 private:
  Result<void> allocate_quantized(size_t rows, size_t values);

  ops::Buffer memory_, quantized_;
};

// Scratch of each worker's kernels, and activations for each worker.
struct Workspace {
  static Result<Workspace> allocate(const ops::Kernels& kernels, const TransformerConfig& config,
                                    unsigned workers, size_t capacity, size_t longest_sequence,
                                    size_t patch_values);
  std::vector<Activations> activations;
  std::vector<ops::Buffer> scratch;
};

// Who computes one forward pass: all workers of the pool, each step split between them, or one worker alone.
class Crew {
 public:
  static Crew everybody(base::ThreadPool& pool, Workspace& workspace) { return {&pool, workspace, 0}; }
  static Crew alone(unsigned worker, Workspace& workspace) { return {nullptr, workspace, worker}; }

  size_t size() const { return pool_ == nullptr ? 1 : pool_->size(); }
  Activations& activations() const { return workspace_.activations[worker_]; }

  // Calls body(index, scratch) for each index in [0, n), as ThreadPool::run does.
  template <class Body>
  void run(size_t n, const Body& body) const {
    if (pool_ == nullptr || n == 1) {
      for (size_t index = 0; index < n; ++index) body(index, workspace_.scratch[worker_].floats());
      return;
    }
    pool_->run(n, [&](size_t index, unsigned worker) { body(index, workspace_.scratch[worker].floats()); });
  }

 private:
  Crew(base::ThreadPool* pool, Workspace& workspace, unsigned worker)
      : pool_(pool), workspace_(workspace), worker_(worker) {}

  base::ThreadPool* pool_;
  Workspace& workspace_;
  unsigned worker_;
};

}  // namespace elanus::clip
