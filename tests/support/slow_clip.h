// CLIP as transformers writes it, from the checkpoint's tensors, slow and readable: every token of every
// layer, double sums. The oracle for models too large to commit.
#pragma once
#include <cmath>
#include <string>
#include <vector>

#include "clip/checkpoint.h"
#include "clip/config.h"
#include "clip/preprocess.h"
#include "ops/reference.h"

namespace elanus::clip::slow {

using Values = std::vector<float>;

class Model {
 public:
  Model(const Checkpoint& checkpoint, const ModelConfig& config, const PixelScale& pixels)
      : checkpoint_(checkpoint), config_(config), pixels_(pixels) {}

  // CLIPModel.get_text_features, pooled at the last of `ids`; length 1.
  Values text(const std::vector<int32_t>& ids) const {
    const TextConfig& c = config_.text;
    const Values tokens = get("text_model.embeddings.token_embedding.weight", {c.vocab_size, c.width});
    const Values positions =
        get("text_model.embeddings.position_embedding.weight", {c.context_length, c.width});
    Values x(ids.size() * c.width);
    for (size_t i = 0; i < x.size(); ++i)
      x[i] = tokens[static_cast<size_t>(ids[i / c.width]) * c.width + i % c.width] + positions[i];
    encode("text_model.encoder", c, true, x);
    const Values last(x.end() - c.width, x.end());
    return project("text_model.final_layer_norm", "text_projection", c, last);
  }

  // CLIPModel.get_image_features; length 1.
  Values image(const std::vector<uint8_t>& rgb) const {
    const VisionConfig& c = config_.vision;
    const size_t side = c.patch_size, patch_values = 3 * side * side, patches = c.tokens() - 1;
    const std::string embeddings = "vision_model.embeddings.";
    Values unfolded;
    for (size_t patch = 0; patch < patches; ++patch)
      for (size_t i = 0; i < patch_values; ++i) {
        const size_t channel = i / (side * side), y = patch / c.grid() * side + i / side % side;
        const size_t column = patch % c.grid() * side + i % side;
        const float byte = rgb[(y * c.image_size + column) * 3 + channel];
        unfolded.push_back(byte * pixels_.scale[channel] + pixels_.offset[channel]);
      }
    const Values weights = get(embeddings + "patch_embedding.weight", {c.width, 3, side, side});
    Values x = get(embeddings + "class_embedding", {c.width});
    const Values embedded = ops::reference::linear(unfolded, patches, patch_values, weights, c.width, {});
    x.insert(x.end(), embedded.begin(), embedded.end());
    const Values positions = get(embeddings + "position_embedding.weight", {c.tokens(), c.width});
    for (size_t i = 0; i < x.size(); ++i) x[i] += positions[i];
    x = layer_norm("vision_model.pre_layrnorm", c, x);
    encode("vision_model.encoder", c, false, x);
    return project("vision_model.post_layernorm", "visual_projection", c,
                   Values(x.begin(), x.begin() + c.width));
  }

 private:
  Values get(const std::string& name, std::initializer_list<size_t> shape) const {
    return to_f32(checkpoint_.tensor(name, shape).value());
  }

  Values layer_norm(const std::string& name, const TransformerConfig& c, const Values& x) const {
    const Values gamma = get(name + ".weight", {c.width}), beta = get(name + ".bias", {c.width});
    Values y;
    for (size_t i = 0; i < x.size(); i += c.width) {
      const Values row = ops::reference::layer_norm({&x[i], c.width}, gamma, beta, c.layer_norm_eps);
      y.insert(y.end(), row.begin(), row.end());
    }
    return y;
  }

  Values linear(const std::string& name, size_t n, size_t k, const Values& x) const {
    return ops::reference::linear(x, x.size() / k, k, get(name + ".weight", {n, k}), n,
                                  get(name + ".bias", {n}));
  }

  Values project(const std::string& norm, const std::string& name, const TransformerConfig& c,
                 const Values& x) const {
    const Values weights = get(name + ".weight", {config_.projection_dim, c.width});
    return ops::reference::normalize(
        ops::reference::linear(layer_norm(norm, c, x), 1, c.width, weights, config_.projection_dim, {}));
  }

  void encode(const std::string& prefix, const TransformerConfig& c, bool causal, Values& x) const {
    for (uint32_t i = 0; i < c.layers; ++i) {
      const std::string name = prefix + ".layers." + std::to_string(i);
      const Values attended =
          attention(name + ".self_attn.", c, causal, layer_norm(name + ".layer_norm1", c, x));
      for (size_t j = 0; j < x.size(); ++j) x[j] += attended[j];
      Values mlp = linear(name + ".mlp.fc1", c.mlp_width, c.width, layer_norm(name + ".layer_norm2", c, x));
      for (float& v : mlp)
        v = c.activation == Activation::gelu ? ops::reference::gelu(v) : ops::reference::quick_gelu(v);
      const Values out = linear(name + ".mlp.fc2", c.width, c.mlp_width, mlp);
      for (size_t j = 0; j < x.size(); ++j) x[j] += out[j];
    }
  }

  Values attention(const std::string& name, const TransformerConfig& c, bool causal, const Values& x) const {
    const Values q = linear(name + "q_proj", c.width, c.width, x),
                 k = linear(name + "k_proj", c.width, c.width, x);
    const Values v = linear(name + "v_proj", c.width, c.width, x);
    const size_t rows = x.size() / c.width, d = c.head_dim();
    Values mixed(x.size());
    for (size_t head = 0; head < c.heads; ++head) {
      const auto column = [&](const Values& all) {
        Values part(rows * d);
        for (size_t i = 0; i < part.size(); ++i) part[i] = all[i / d * c.width + head * d + i % d];
        return part;
      };
      const float scale = 1.0f / std::sqrt(static_cast<float>(d));
      const Values out =
          ops::reference::attention(column(q), column(k), column(v), rows, rows, d, 0, causal, scale);
      for (size_t i = 0; i < out.size(); ++i) mixed[i / d * c.width + head * d + i % d] = out[i];
    }
    return linear(name + "out_proj", c.width, c.width, mixed);
  }

  const Checkpoint& checkpoint_;
  ModelConfig config_;
  PixelScale pixels_;
};

}  // namespace elanus::clip::slow
