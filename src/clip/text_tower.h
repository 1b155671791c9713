// The text half of CLIP: token ids to a unit vector. Reference: transformers, modeling_clip.py, CLIPTextModel
// and CLIPModel.get_text_features; modeling_siglip.py, SiglipTextModel; modeling_chinese_clip.py,
// ChineseCLIPTextModel and ChineseCLIPModel.get_text_features.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "clip/config.h"
#include "clip/transformer.h"

namespace elanus::clip {

// Where the pooled token of `ids` stands, as CLIPTextTransformer finds it. ids is not empty.
size_t pooled_position(std::span<const int32_t> ids, const TextConfig& config);

// Thread-safety: const after load; calls need workspaces of their own.
class TextTower {
 public:
  static Result<TextTower> load(const WeightSource& source, const ModelConfig& config);

  // ids[i], 1..context_length of them, each below vocab_size, to out[i][projection_dim], length 1. All rows()
  // of the texts together fit the workspace's capacity.
  void embed(const Crew& crew, std::span<const std::vector<int32_t>> ids, float* out) const;

  // Rows of activations that a text needs: in CLIP, what follows the pooled token cannot influence it.
  size_t rows(std::span<const int32_t> ids) const;

 private:
  Result<void> load_bert(const WeightSource& source);

  const ops::Kernels* kernels_ = nullptr;
  TextConfig config_;
  size_t dim_ = 0;
  MatrixRows token_embedding_;             // [vocab_size, width], in the checkpoint's mapping
  std::vector<float> position_embedding_;  // [positions, width]
  Transformer encoder_;
  LayerNorm embedding_norm_;  // BERT's
  LayerNorm final_norm_;      // not BERT's
  Weights projection_;        // [projection_dim, width]
};

}  // namespace elanus::clip
