// Writes a CLIP of any size with random weights, in the transformers layout and f16, as a published one is
// laid out.
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/f16.h"
#include "clip/config.h"

namespace elanus::clip {

class RandomClip {
 public:
  explicit RandomClip(const ModelConfig& config) : config_(config) { declare(); }

  // config.json, preprocessor_config.json and model.safetensors in `folder`, which exists. The tokenizer is
  // the caller's.
  void write(const std::filesystem::path& folder) {
    write_configs(folder);
    std::ofstream out(folder / "model.safetensors", std::ios::binary);
    const std::string header = header_json();
    const uint64_t length = header.size();
    out.write(reinterpret_cast<const char*>(&length), sizeof length);
    out << header;
    std::vector<uint16_t> values;
    for (const Tensor& tensor : tensors_) {
      values.resize(tensor.elements());
      for (uint16_t& value : values) value = base::f32_to_f16(tensor.mean + tensor.spread * uniform());
      out.write(reinterpret_cast<const char*>(values.data()),
                static_cast<std::streamsize>(2 * values.size()));
    }
  }

 private:
  struct Tensor {
    std::string name;
    std::vector<size_t> shape;
    float mean, spread;
    size_t elements() const {
      size_t product = 1;
      for (const size_t d : shape) product *= d;
      return product;
    }
  };

  // In [-1, 1): xorshift64*.
  float uniform() {
    state_ ^= state_ >> 12, state_ ^= state_ << 25, state_ ^= state_ >> 27;
    return static_cast<float>(static_cast<int32_t>((state_ * 0x2545F4914F6CDD1Dull) >> 32)) * 0x1p-31f;
  }

  void add(std::string name, std::vector<size_t> shape, float mean, float spread) {
    tensors_.push_back({std::move(name), std::move(shape), mean, spread});
  }
  void add_norm(const std::string& name, size_t width) {
    add(name + ".weight", {width}, 1.0f, 0.3f);
    add(name + ".bias", {width}, 0.0f, 0.1f);
  }
  // A spread that keeps the output's variance that of the input.
  void add_matrix(const std::string& name, std::vector<size_t> shape) {
    size_t inputs = 1;
    for (size_t i = 1; i < shape.size(); ++i) inputs *= shape[i];
    add(name, std::move(shape), 0.0f, std::sqrt(3.0f / static_cast<float>(inputs)));
  }
  void add_linear(const std::string& name, size_t n, size_t k) {
    add_matrix(name + ".weight", {n, k});
    add(name + ".bias", {n}, 0.0f, 0.1f);
  }
  void add_layers(const std::string& prefix, const TransformerConfig& c) {
    for (uint32_t i = 0; i < c.layers; ++i) {
      const std::string name = prefix + ".encoder.layers." + std::to_string(i);
      for (const char* part : {"q_proj", "k_proj", "v_proj", "out_proj"})
        add_linear(name + ".self_attn." + part, c.width, c.width);
      add_norm(name + ".layer_norm1", c.width);
      add_norm(name + ".layer_norm2", c.width);
      add_linear(name + ".mlp.fc1", c.mlp_width, c.width);
      add_linear(name + ".mlp.fc2", c.width, c.mlp_width);
    }
  }

  void declare() {
    const TextConfig& text = config_.text;
    const VisionConfig& vision = config_.vision;
    add("text_model.embeddings.token_embedding.weight", {text.vocab_size, text.width}, 0.0f, 1.0f);
    add("text_model.embeddings.position_embedding.weight", {text.context_length, text.width}, 0.0f, 0.5f);
    add_layers("text_model", text);
    add_norm("text_model.final_layer_norm", text.width);
    add_matrix("text_projection.weight", {config_.projection_dim, text.width});
    add("vision_model.embeddings.class_embedding", {vision.width}, 0.0f, 1.0f);
    add_matrix("vision_model.embeddings.patch_embedding.weight",
               {vision.width, 3, vision.patch_size, vision.patch_size});
    add("vision_model.embeddings.position_embedding.weight", {vision.tokens(), vision.width}, 0.0f, 0.5f);
    add_norm("vision_model.pre_layrnorm", vision.width);
    add_layers("vision_model", vision);
    add_norm("vision_model.post_layernorm", vision.width);
    add_matrix("visual_projection.weight", {config_.projection_dim, vision.width});
  }

  std::string header_json() const {
    std::ostringstream json;
    size_t offset = 0;
    for (const Tensor& tensor : tensors_) {
      json << (offset == 0 ? "{" : ",") << '"' << tensor.name << R"(":{"dtype":"F16","shape":[)";
      for (size_t i = 0; i < tensor.shape.size(); ++i) json << (i == 0 ? "" : ",") << tensor.shape[i];
      json << R"(],"data_offsets":[)" << offset << ',' << offset + 2 * tensor.elements() << "]}";
      offset += 2 * tensor.elements();
    }
    json << '}';
    return json.str();
  }

  static void write_tower(std::ostream& out, const TransformerConfig& c) {
    out << R"("hidden_size":)" << c.width << R"(,"intermediate_size":)" << c.mlp_width
        << R"(,"num_hidden_layers":)" << c.layers << R"(,"num_attention_heads":)" << c.heads
        << R"(,"hidden_act":")" << (c.activation == Activation::gelu ? "gelu" : "quick_gelu") << '"';
  }
  void write_configs(const std::filesystem::path& folder) const {
    std::ofstream out(folder / "config.json");
    out << R"({"model_type":"clip","projection_dim":)" << config_.projection_dim << R"(,"text_config":{)";
    write_tower(out, config_.text);
    out << R"(,"vocab_size":)" << config_.text.vocab_size << R"(,"max_position_embeddings":)"
        << config_.text.context_length << R"(,"eos_token_id":)" << config_.text.eos_token_id
        << R"(},"vision_config":{)";
    write_tower(out, config_.vision);
    out << R"(,"image_size":)" << config_.vision.image_size << R"(,"patch_size":)"
        << config_.vision.patch_size << "}}";
    std::ofstream(folder / "preprocessor_config.json")
        << R"({"do_resize":true,"size":)" << config_.vision.image_size
        << R"(,"resample":3,"do_center_crop":true,)"
        << R"("crop_size":)" << config_.vision.image_size << R"(,"do_normalize":true})";
  }

  ModelConfig config_;
  std::vector<Tensor> tensors_;
  uint64_t state_ = 88172645463325252ull;
};

// The shapes of openai/clip-vit-base-patch32.
inline ModelConfig vit_b32(int32_t eos_token_id) {
  ModelConfig config;
  config.projection_dim = 512;
  static_cast<TransformerConfig&>(config.text) = {.width = 512, .mlp_width = 2048, .layers = 12, .heads = 8};
  config.text.vocab_size = 49408;
  config.text.context_length = 77;
  config.text.eos_token_id = eos_token_id;
  static_cast<TransformerConfig&>(config.vision) = {
      .width = 768, .mlp_width = 3072, .layers = 12, .heads = 12};
  config.vision.image_size = 224;
  config.vision.patch_size = 32;
  return config;
}

}  // namespace elanus::clip
