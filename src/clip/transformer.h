// The pre-norm transformer that both towers share. Reference: transformers, models/clip/modeling_clip.py,
// CLIPEncoder.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "clip/config.h"
#include "clip/linear.h"
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
    Weights q, kv, out, fc1, fc2;
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

// to[i] = layer norm of from[i]; `to` may be `from`.
void layer_norm(const Crew& crew, const ops::Kernels& kernels, const LayerNorm& norm, const Rows& from,
                size_t rows, const Rows& to);

}  // namespace elanus::clip
