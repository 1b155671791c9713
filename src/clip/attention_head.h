// SigLIP's pooling: one learned query attends to all patches. Reference: transformers, modeling_siglip.py,
// SiglipMultiheadAttentionPoolingHead.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "clip/config.h"
#include "clip/transformer.h"

namespace elanus::clip {

// Thread-safety: const after load.
class AttentionHead {
 public:
  // Tensors "<prefix>probe", "<prefix>attention.in_proj_weight" and so on.
  static Result<AttentionHead> load(const WeightSource& source, const std::string& prefix,
                                    const TransformerConfig& config);
  AttentionHead() = default;

  // In the crew's activations. In: sequences; h, their rows. Out: one row of `width` for each sequence. px,
  // ph, pq, qkv and mlp are overwritten.
  void run(const Crew& crew, const Rows& out) const;

 private:
  const ops::Kernels* kernels_ = nullptr;
  TransformerConfig config_;
  std::vector<float> probe_;
  LayerNorm norm_;
  Weights q_, kv_, out_, fc1_, fc2_;
};

}  // namespace elanus::clip
