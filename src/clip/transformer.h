// The transformer that all towers share. Reference: transformers, modeling_clip.py, CLIPEncoder;
// modeling_chinese_clip.py, ChineseCLIPTextEncoder.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "clip/config.h"
#include "clip/linear.h"
#include "clip/transformer_weights.h"
#include "clip/transformer_workspace.h"

namespace elanus::clip {

// What a layer is.
enum class Blocks {
  pre_norm,         // x += attention(norm1(x)); x += mlp(norm2(x))
  causal_pre_norm,  // the same; no row attends to a later one
  post_norm,        // BERT's: x = norm1(x + attention(x)); x = norm2(x + mlp(x)), and its names
};

// Thread-safety: const after load.
class Transformer {
 public:
  // Layers "<prefix>0" and so on.
  static Result<Transformer> load(const WeightSource& source, const std::string& prefix,
                                  const TransformerConfig& config, Blocks blocks);
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
  Result<Layer> load_layer(const WeightSource& source, const std::string& name) const;
  Rows norm_before(const Crew& crew, const LayerNorm& norm, const Rows& x, const Rows& h, size_t rows) const;
  void norm_after(const Crew& crew, const LayerNorm& norm, const Rows& x, size_t rows) const;
  void attend(const Crew& crew, bool picked) const;
  void feed_forward(const Crew& crew, const Layer& layer, const Rows& x, const Rows& h, size_t rows) const;
  void full_layer(const Crew& crew, const Layer& layer, size_t rows) const;
  void last_layer(const Crew& crew, const Layer& layer, size_t rows) const;

  const ops::Kernels* kernels_ = nullptr;
  TransformerConfig config_;
  Blocks blocks_ = Blocks::pre_norm;
  std::vector<Layer> layers_;
};

ops::Epilogue epilogue_of(Activation activation);

// to[i] = layer norm of from[i]; `to` may be `from`.
void layer_norm(const Crew& crew, const ops::Kernels& kernels, const LayerNorm& norm, const Rows& from,
                size_t rows, const Rows& to);

}  // namespace elanus::clip
