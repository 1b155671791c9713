// The image half of CLIP, a vision transformer: pixels to a unit vector. Reference: transformers,
// modeling_clip.py, CLIPVisionModel and CLIPModel.get_image_features; modeling_siglip.py, SiglipVisionModel.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "clip/attention_head.h"
#include "clip/config.h"
#include "clip/preprocess.h"
#include "clip/transformer.h"

namespace elanus::clip {

// Thread-safety: const after load; calls need workspaces of their own.
class VisionTower {
 public:
  static Result<VisionTower> load(const WeightSource& source, const ModelConfig& config,
                                  const PixelScale& pixels);

  // pictures[i], image_size x image_size x 3 bytes (RGB, row-major), to out[i][projection_dim], length 1. All
  // tokens() of the pictures together fit the workspace's capacity.
  void embed(const Crew& crew, std::span<const PreparedImage> pictures, float* out) const;

 private:
  Result<void> load_siglip(const WeightSource& source);
  void embed_patches(const Crew& crew, std::span<const PreparedImage> pictures) const;
  void unfold(const uint8_t* rgb, size_t patch, float* row) const;

  const ops::Kernels* kernels_ = nullptr;
  VisionConfig config_;
  size_t dim_ = 0;
  PixelTable pixel_{};
  Weights patch_embedding_;      // [width, 3 patch_size^2]
  std::vector<float> class_embedding_;     // [width]
  std::vector<float> position_embedding_;  // [tokens, width]
  LayerNorm pre_norm_, post_norm_;
  Transformer encoder_;
  Weights projection_;  // [projection_dim, width]; not SigLIP's
  AttentionHead head_;            // SigLIP's
};

}  // namespace elanus::clip
