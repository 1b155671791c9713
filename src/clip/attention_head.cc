#include "clip/attention_head.h"

#include <cmath>
#include <cstring>

namespace elanus::clip {

Result<AttentionHead> AttentionHead::load(const WeightSource& source, const std::string& prefix,
                                          const TransformerConfig& config) {
  const size_t width = config.width, mlp = config.mlp_width;
  const std::string attention = prefix + "attention.";
  AttentionHead head;
  head.kernels_ = &source.kernels;
  head.config_ = config;
  head.probe_ = TRY(load_values(source, prefix + "probe", {1, 1, width}));
  head.q_ = TRY(load_stacked_linear(source, attention + "in_proj", 0, 1, width));
  head.kv_ = TRY(load_stacked_linear(source, attention + "in_proj", 1, 2, width));
  head.out_ = TRY(load_linear(source, attention + "out_proj", width, width, true));
  head.norm_ = TRY(load_layer_norm(source, prefix + "layernorm", width, config.layer_norm_eps));
  head.fc1_ = TRY(load_linear(source, prefix + "mlp.fc1", mlp, width, true));
  head.fc2_ = TRY(load_linear(source, prefix + "mlp.fc2", width, mlp, true));
  return head;
}

void AttentionHead::run(const Crew& crew, const Rows& out) const {
  const Activations& a = crew.activations();
  const size_t width = config_.width, heads = config_.heads, head_dim = config_.head_dim(),
               count = a.sequences.size();
  const size_t rows = a.sequences.back().first + a.sequences.back().rows;
  // hidden_state = self.attention(probe, hidden_state, hidden_state)[0]               out [count, width]
  std::memcpy(a.px.row(0), probe_.data(), width * sizeof(float));
  linear(crew, *kernels_, q_, a.px, 1, a.pq);
  linear(crew, *kernels_, kv_, a.h, rows, a.qkv);
  crew.run(count * heads, [&](size_t index, float* scratch) {
    const Sequence& s = a.sequences[index / heads];
    const size_t column = index % heads * head_dim;
    const float* k = a.qkv.row(s.first) + column;
    kernels_->attention({.q = a.pq.data + column,
                         .k = k,
                         .v = k + width,
                         .ldq = a.pq.stride,
                         .ldkv = a.qkv.stride,
                         .queries = 1,
                         .keys = s.rows,
                         .head_dim = head_dim,
                         .first = 0,
                         .causal = false,
                         .scale = 1.0f / std::sqrt(static_cast<float>(head_dim)),
                         .out = a.ph.row(index / heads) + column,
                         .ldo = a.ph.stride},
                        scratch);
  });
  linear(crew, *kernels_, out_, a.ph, count, out);
  // hidden_state = residual + self.mlp(self.layernorm(hidden_state))
  layer_norm(crew, *kernels_, norm_, out, count, a.ph);
  linear(crew, *kernels_, fc1_, a.ph, count, a.mlp, epilogue_of(config_.activation));
  linear(crew, *kernels_, fc2_, a.mlp, count, out, ops::Epilogue::add);
}

}  // namespace elanus::clip
