// The pre-norm transformer that both towers share. Reference: transformers, models/clip/modeling_clip.py,
// CLIPEncoder.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "clip/config.h"
#include "clip/transformer_weights.h"
#include "clip/transformer_workspace.h"

namespace elanus::clip {

// Thread-safety: const after load.
class Transformer {
 public:
  // Layers "<prefix>.layers.0" and so on.
  static Result<Transformer> load(const WeightSource& source, const std::string& prefix,
                                  const TransformerConfig& config, bool causal);
  Transformer() = default;

  // In the crew's activations. In: sequences; x, their rows without gaps, `rows` in all, at most the
  // capacity. Out: px, the picked row of each sequence. All other rows are overwritten.
  void run(const Crew& crew, size_t rows) const;
  // The same for all rows, left in x.
  void run_all(const Crew& crew, size_t rows) const;

 private:
  struct Layer {
    LayerNorm norm1, norm2;
    ops::PackedMatrix q, kv, out, fc1, fc2;
  };
  static Result<Layer> load_layer(const WeightSource& source, const std::string& name,
                                  const TransformerConfig& config);
  void attend(const Crew& crew, bool picked) const;
  void feed_forward(const Crew& crew, const Layer& layer, const Rows& x, const Rows& h, size_t rows) const;
  void full_layer(const Crew& crew, const Layer& layer, size_t rows) const;
  void last_layer(const Crew& crew, const Layer& layer, size_t rows) const;

  const ops::Kernels* kernels_ = nullptr;
  TransformerConfig config_;
  bool causal_ = false;
  std::vector<Layer> layers_;
};

ops::Epilogue epilogue_of(Activation activation);

// c[rows][n] = epilogue(a[rows][k] * weights^T + bias), panels shared out among the crew.
void linear(const Crew& crew, const ops::Kernels& kernels, const ops::PackedMatrix& weights, const Rows& a,
            size_t rows, const Rows& c, ops::Epilogue epilogue = ops::Epilogue::none);

// to[i] = layer norm of from[i]; `to` may be `from`.
void layer_norm(const Crew& crew, const ops::Kernels& kernels, const LayerNorm& norm, const Rows& from,
                size_t rows, const Rows& to);

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
