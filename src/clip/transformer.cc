#include "clip/transformer.h"

#include <cmath>
#include <cstring>

namespace elanus::clip {
namespace {

struct LayerNames {
  const char *norm1, *q, *k, *v, *out, *norm2, *fc1, *fc2;
};
constexpr LayerNames kClipNames = {
    ".layer_norm1",        ".self_attn.q_proj", ".self_attn.k_proj", ".self_attn.v_proj",
    ".self_attn.out_proj", ".layer_norm2",      ".mlp.fc1",          ".mlp.fc2"};
constexpr LayerNames kBertNames = {
    ".attention.output.LayerNorm", ".attention.self.query", ".attention.self.key", ".attention.self.value",
    ".attention.output.dense",     ".output.LayerNorm",     ".intermediate.dense", ".output.dense"};

}  // namespace

ops::Epilogue epilogue_of(Activation activation) {
  switch (activation) {
    case Activation::gelu:
      return ops::Epilogue::gelu;
    case Activation::gelu_tanh:
      return ops::Epilogue::gelu_tanh;
    case Activation::quick_gelu:
      break;
  }
  return ops::Epilogue::quick_gelu;
}

void layer_norm(const Crew& crew, const ops::Kernels& kernels, const LayerNorm& norm, const Rows& from,
                size_t rows, const Rows& to) {
  for_rows(crew, rows, [&](size_t i, float*) {
    kernels.layer_norm(from.row(i), norm.gamma.size(), norm.gamma.data(), norm.beta.data(), norm.eps,
                       to.row(i));
  });
}

Result<Transformer::Layer> Transformer::load_layer(const WeightSource& source,
                                                   const std::string& name) const {
  const size_t width = config_.width, mlp = config_.mlp_width;
  const LayerNames& names = blocks_ == Blocks::post_norm ? kBertNames : kClipNames;
  const std::string kv[] = {name + names.k, name + names.v};
  Layer layer;
  layer.norm1 = TRY(load_layer_norm(source, name + names.norm1, width, config_.layer_norm_eps));
  layer.q = TRY(load_linear(source, name + names.q, width, width, true));
  layer.kv = TRY(load_linear(source, kv, width, width, true));
  layer.out = TRY(load_linear(source, name + names.out, width, width, true));
  layer.norm2 = TRY(load_layer_norm(source, name + names.norm2, width, config_.layer_norm_eps));
  layer.fc1 = TRY(load_linear(source, name + names.fc1, mlp, width, true));
  layer.fc2 = TRY(load_linear(source, name + names.fc2, width, mlp, true));
  return layer;
}

Result<Transformer> Transformer::load(const WeightSource& source, const std::string& prefix,
                                      const TransformerConfig& config, Blocks blocks) {
  Transformer t;
  t.kernels_ = &source.kernels;
  t.config_ = config;
  t.blocks_ = blocks;
  for (uint32_t i = 0; i < config.layers; ++i)
    t.layers_.push_back(TRY(t.load_layer(source, prefix + std::to_string(i))));
  return t;
}

// What a step reads: the normed rows, in h, or of post-norm blocks the rows as they are.
Rows Transformer::norm_before(const Crew& crew, const LayerNorm& norm, const Rows& x, const Rows& h,
                              size_t rows) const {
  if (blocks_ == Blocks::post_norm) return x;
  layer_norm(crew, *kernels_, norm, x, rows, h);
  return h;
}

void Transformer::norm_after(const Crew& crew, const LayerNorm& norm, const Rows& x, size_t rows) const {
  if (blocks_ == Blocks::post_norm) layer_norm(crew, *kernels_, norm, x, rows, x);
}

void Transformer::run(const Crew& crew, size_t rows) const {
  // CLIPEncoder.forward: for encoder_layer in self.layers: hidden_states = encoder_layer(hidden_states, ...)
  for (size_t i = 0; i + 1 < layers_.size(); ++i) full_layer(crew, layers_[i], rows);
  last_layer(crew, layers_.back(), rows);
}

void Transformer::run_all(const Crew& crew, size_t rows) const {
  for (const Layer& layer : layers_) full_layer(crew, layer, rows);
}

// CLIPEncoderLayer.forward, for all rows.
void Transformer::full_layer(const Crew& crew, const Layer& layer, size_t rows) const {
  const Activations& a = crew.activations();
  const Rows keys_and_values{a.qkv.data + config_.width, a.qkv.stride};
  // hidden_states = self.layer_norm1(hidden_states)                                    h [rows, width]
  const Rows in = norm_before(crew, layer.norm1, a.x, a.h, rows);
  // queries, keys, values = self.q_proj(..), self.k_proj(..), self.v_proj(..)          qkv [rows, 3 width]
  linear(crew, *kernels_, layer.q, in, rows, a.qkv);
  linear(crew, *kernels_, layer.kv, in, rows, keys_and_values);
  // attn_output = attention_interface(queries, keys, values, mask, scaling)            h [rows, width]
  attend(crew, false);
  // hidden_states = residual + self.out_proj(attn_output)                              x [rows, width]
  linear(crew, *kernels_, layer.out, a.h, rows, a.x, ops::Epilogue::add);
  norm_after(crew, layer.norm1, a.x, rows);
  feed_forward(crew, layer, a.x, a.h, rows);
}

// The same, but only for the picked rows: nobody reads the others after the last layer. Keys and values need
// all rows.
void Transformer::last_layer(const Crew& crew, const Layer& layer, size_t rows) const {
  const Activations& a = crew.activations();
  const Rows keys_and_values{a.qkv.data + config_.width, a.qkv.stride};
  const size_t picked = a.sequences.size(), bytes = config_.width * sizeof(float);
  const Rows in = norm_before(crew, layer.norm1, a.x, a.h, rows);
  linear(crew, *kernels_, layer.kv, in, rows, keys_and_values);
  for (size_t i = 0; i < picked; ++i) {
    const size_t row = a.sequences[i].first + a.sequences[i].pick;
    std::memcpy(a.px.row(i), a.x.row(row), bytes);
    std::memcpy(a.ph.row(i), in.row(row), bytes);
  }
  linear(crew, *kernels_, layer.q, a.ph, picked, a.pq);                        // pq [picked, width]
  attend(crew, true);                                                          // ph [picked, width]
  linear(crew, *kernels_, layer.out, a.ph, picked, a.px, ops::Epilogue::add);  // px [picked, width]
  norm_after(crew, layer.norm1, a.px, picked);
  feed_forward(crew, layer, a.px, a.ph, picked);
}

// hidden_states = residual + self.mlp(self.layer_norm2(hidden_states)); CLIPMLP is fc2(act(fc1(x)))
void Transformer::feed_forward(const Crew& crew, const Layer& layer, const Rows& x, const Rows& h,
                               size_t rows) const {
  const Rows& mlp = crew.activations().mlp;
  const Rows in = norm_before(crew, layer.norm2, x, h, rows);                          // h [rows, width]
  linear(crew, *kernels_, layer.fc1, in, rows, mlp, epilogue_of(config_.activation));  // [rows, mlp_width]
  linear(crew, *kernels_, layer.fc2, mlp, rows, x, ops::Epilogue::add);                // x [rows, width]
  norm_after(crew, layer.norm2, x, rows);
}

// softmax(q k^T / sqrt(head_dim)) v for each sequence and head: all rows of qkv into h, or the picked rows,
// whose queries are in pq, into ph.
void Transformer::attend(const Crew& crew, bool picked) const {
  const Activations& a = crew.activations();
  const size_t width = config_.width, head_dim = config_.head_dim(), heads = config_.heads;
  const float scale = 1.0f / std::sqrt(static_cast<float>(head_dim));
  crew.run(a.sequences.size() * heads, [&](size_t index, float* scratch) {
    const size_t i = index / heads, column = index % heads * head_dim;
    const Sequence& s = a.sequences[i];
    const Rows& q = picked ? a.pq : a.qkv;
    const Rows& out = picked ? a.ph : a.h;
    const size_t row = picked ? i : s.first;
    const float* kv = a.qkv.row(s.first) + column;
    kernels_->attention({.q = q.row(row) + column,
                         .k = kv + width,
                         .v = kv + 2 * width,
                         .ldq = q.stride,
                         .ldkv = a.qkv.stride,
                         .queries = picked ? 1 : s.rows,
                         .keys = s.rows,
                         .head_dim = head_dim,
                         .first = picked ? s.pick : 0,
                         .causal = blocks_ == Blocks::causal_pre_norm,
                         .scale = scale,
                         .out = out.row(row) + column,
                         .ldo = out.stride},
                        scratch);
  });
}

}  // namespace elanus::clip
