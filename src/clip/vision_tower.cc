#include "clip/vision_tower.h"

namespace elanus::clip {

Result<VisionTower> VisionTower::load(const WeightSource& source, const ModelConfig& config,
                                      const PixelScale& pixels) {
  const VisionConfig& vision = config.vision;
  const size_t width = vision.width, side = vision.patch_size;
  const std::string embeddings = "vision_model.embeddings.";
  VisionTower t;
  t.kernels_ = &source.kernels;
  t.config_ = vision;
  t.dim_ = config.projection_dim;
  t.pixel_ = pixel_table(pixels);
  t.patch_embedding_ =
      TRY(load_matrix(source, embeddings + "patch_embedding.weight", {width, 3, side, side}));
  if (vision.siglip) {
    TRY(t.load_siglip(source));
    return t;
  }
  t.class_embedding_ = TRY(load_values(source, embeddings + "class_embedding", {width}));
  t.position_embedding_ =
      TRY(load_values(source, embeddings + "position_embedding.weight", {vision.tokens(), width}));
  // "layrnorm" is how the published checkpoints spell it.
  t.pre_norm_ = TRY(load_layer_norm(source, "vision_model.pre_layrnorm", width, vision.layer_norm_eps));
  t.encoder_ = TRY(Transformer::load(source, "vision_model.encoder.layers.", vision, Blocks::pre_norm));
  t.post_norm_ = TRY(load_layer_norm(source, "vision_model.post_layernorm", width, vision.layer_norm_eps));
  t.projection_ = TRY(load_linear(source.exactly(), "visual_projection", config.projection_dim, width, false));
  return t;
}

Result<void> VisionTower::load_siglip(const WeightSource& source) {
  const std::string embeddings = "vision_model.embeddings.";
  const size_t width = config_.width;
  position_embedding_ =
      TRY(load_values(source, embeddings + "position_embedding.weight", {config_.tokens(), width}));
  // The bias of the patches and the positions are both added to every patch.
  const auto bias = TRY(load_values(source, embeddings + "patch_embedding.bias", {width}));
  for (size_t i = 0; i < position_embedding_.size(); ++i) position_embedding_[i] += bias[i % width];
  encoder_ = TRY(Transformer::load(source, "vision_model.encoder.layers.", config_, Blocks::pre_norm));
  post_norm_ = TRY(load_layer_norm(source, "vision_model.post_layernorm", width, config_.layer_norm_eps));
  head_ = TRY(AttentionHead::load(source, "vision_model.head.", config_));
  return {};
}

// One patch as the convolution's weights are laid out: [3][patch_size][patch_size].
void VisionTower::unfold(const uint8_t* rgb, size_t patch, float* row) const {
  const size_t side = config_.patch_size, grid = config_.grid();
  const uint8_t* corner = rgb + (patch / grid * side * config_.image_size + patch % grid * side) * 3;
  for (size_t c = 0; c < 3; ++c)
    for (size_t y = 0; y < side; ++y) {
      const uint8_t* from = corner + y * config_.image_size * 3 + c;
      for (size_t x = 0; x < side; ++x) *row++ = pixel_[c][from[x * 3]];
    }
}

// (pixel_values / 255 - mean) / std, cut into patches                patches [count * grid^2, 3 side^2]
// patch_embeds = self.patch_embedding(pixel_values)                  h [count * grid^2, width]
void VisionTower::embed_patches(const Crew& crew, std::span<const PreparedImage> pictures) const {
  Activations& a = crew.activations();
  const size_t patches = size_t{config_.grid()} * config_.grid();
  for_rows(crew, pictures.size() * patches, [&](size_t i, float*) {
    unfold(pictures[i / patches].rgb.data(), i % patches, a.patches.row(i));
  });
  linear(crew, *kernels_, patch_embedding_, a.patches, pictures.size() * patches, a.h);
}

void VisionTower::embed(const Crew& crew, std::span<const PreparedImage> pictures, float* out) const {
  Activations& a = crew.activations();
  const size_t width = config_.width, tokens = config_.tokens(), first = config_.siglip ? 0 : 1,
               patches = tokens - first, count = pictures.size();
  embed_patches(crew, pictures);
  // embeddings = cat([class_embeds, patch_embeds]) + position_embedding              x [count * tokens,
  // width]
  for_rows(crew, count * tokens, [&](size_t i, float*) {
    const size_t picture = i / tokens, token = i % tokens;
    const float* from = token < first ? class_embedding_.data() : a.h.row(picture * patches + token - first);
    const float* position = &position_embedding_[token * width];
    float* x = a.x.row(i);
    for (size_t d = 0; d < width; ++d) x[d] = from[d] + position[d];
  });
  a.sequences.clear();
  for (size_t i = 0; i < count; ++i) a.sequences.push_back({i * tokens, tokens, 0});
  if (config_.siglip) {
    // head(post_layernorm(encoder(...)))                                             out [count, width]
    encoder_.run_all(crew, count * tokens);
    layer_norm(crew, *kernels_, post_norm_, a.x, count * tokens, a.h);
    head_.run(crew, {out, dim_});
    for (size_t i = 0; i < count; ++i) kernels_->normalize(out + i * dim_, dim_);
    return;
  }
  // hidden_states = self.pre_layrnorm(hidden_states)
  layer_norm(crew, *kernels_, pre_norm_, a.x, count * tokens, a.x);
  // encoder(...), of which only the class token is kept                              px [count, width]
  encoder_.run(crew, count * tokens);
  // pooled_output = self.post_layernorm(last_hidden_state[:, 0, :])                  ph [count, width]
  layer_norm(crew, *kernels_, post_norm_, a.px, count, a.ph);
  // image_features = visual_projection(pooled_output)                                out [count,
  // projection_dim]
  linear(crew, *kernels_, projection_, a.ph, count, {out, dim_});
  // image_embeds / image_embeds.norm(p=2, dim=-1, keepdim=True)
  for (size_t i = 0; i < count; ++i) kernels_->normalize(out + i * dim_, dim_);
}

}  // namespace elanus::clip
