#include "clip/text_tower.h"

#include <algorithm>

namespace elanus::clip {

size_t pooled_position(std::span<const int32_t> ids, const TextConfig& config) {
  // eos_token_id == 2: input_ids.argmax(dim=-1); else (input_ids == eos_token_id).int().argmax(dim=-1), which
  // is 0 when there is none.
  if (config.kind == TextKind::siglip) return ids.size() - 1;
  if (config.kind == TextKind::bert) return 0;
  if (config.pool_at_highest_id)
    return static_cast<size_t>(std::max_element(ids.begin(), ids.end()) - ids.begin());
  const auto found = std::find(ids.begin(), ids.end(), config.eos_token_id);
  return found == ids.end() ? 0 : static_cast<size_t>(found - ids.begin());
}

size_t TextTower::rows(std::span<const int32_t> ids) const {
  return config_.kind == TextKind::clip ? pooled_position(ids, config_) + 1 : ids.size();
}

Result<TextTower> TextTower::load(const WeightSource& source, const ModelConfig& config) {
  const TextConfig& text = config.text;
  const size_t width = text.width;
  TextTower t;
  t.kernels_ = &source.kernels;
  t.config_ = text;
  t.dim_ = config.projection_dim;
  if (text.kind == TextKind::bert) {
    TRY(t.load_bert(source));
    return t;
  }
  const bool siglip = text.kind == TextKind::siglip;
  const std::string embeddings = "text_model.embeddings.";
  t.token_embedding_ =
      TRY(load_rows(source, embeddings + "token_embedding.weight", {text.vocab_size, width}));
  t.position_embedding_ =
      TRY(load_values(source, embeddings + "position_embedding.weight", {text.positions, width}));
  t.encoder_ = TRY(Transformer::load(source, "text_model.encoder.layers.", text,
                                     siglip ? Blocks::pre_norm : Blocks::causal_pre_norm));
  t.final_norm_ = TRY(load_layer_norm(source, "text_model.final_layer_norm", width, text.layer_norm_eps));
  t.projection_ = TRY(load_linear(source.exactly(), siglip ? "text_model.head" : "text_projection",
                                  config.projection_dim, width, siglip));
  return t;
}

Result<void> TextTower::load_bert(const WeightSource& source) {
  const size_t width = config_.width;
  const std::string embeddings = "text_model.embeddings.";
  token_embedding_ =
      TRY(load_rows(source, embeddings + "word_embeddings.weight", {config_.vocab_size, width}));
  position_embedding_ =
      TRY(load_values(source, embeddings + "position_embeddings.weight", {config_.positions, width}));
  // The first type and the position are both added to every token.
  const auto types =
      TRY(load_values(source, embeddings + "token_type_embeddings.weight", {config_.token_types, width}));
  for (size_t i = 0; i < position_embedding_.size(); ++i) position_embedding_[i] += types[i % width];
  embedding_norm_ = TRY(load_layer_norm(source, embeddings + "LayerNorm", width, config_.layer_norm_eps));
  encoder_ = TRY(Transformer::load(source, "text_model.encoder.layer.", config_, Blocks::post_norm));
  projection_ = TRY(load_linear(source.exactly(), "text_projection", dim_, width, false));
  return {};
}

void TextTower::embed(const Crew& crew, std::span<const std::vector<int32_t>> ids, float* out) const {
  Activations& a = crew.activations();
  const size_t width = config_.width, texts = ids.size();
  a.sequences.clear();
  size_t total = 0;
  for (const auto& text : ids) {
    const size_t count = rows(text);
    a.sequences.push_back({total, count, pooled_position(text, config_)});
    total += count;
  }
  // CLIPTextEmbeddings: token_embedding(input_ids) + position_embedding(position_ids)        x [rows, width]
  crew.run(texts, [&](size_t i, float*) {
    for (size_t t = 0; t < a.sequences[i].rows; ++t) {
      float* x = a.x.row(a.sequences[i].first + t);
      token_embedding_.read(static_cast<size_t>(ids[i][t]), {x, width});
      for (size_t d = 0; d < width; ++d) x[d] += position_embedding_[t * width + d];
    }
  });
  // ChineseCLIPTextEmbeddings: LayerNorm(embeddings)
  const bool bert = config_.kind == TextKind::bert;
  if (bert) layer_norm(crew, *kernels_, embedding_norm_, a.x, total, a.x);
  // encoder(..., causal), of which only the pooled rows are kept                              px [texts,
  // width]
  encoder_.run(crew, total);
  // final_layer_norm(last_hidden_state); pooled_output = last_hidden_state[.., eos position]  ph [texts,
  // width]; BERT's blocks end with a norm
  if (!bert) layer_norm(crew, *kernels_, final_norm_, a.px, texts, a.ph);
  // text_features = text_projection(pooled_output)                                            out [texts,
  // projection_dim]
  linear(crew, *kernels_, projection_, bert ? a.px : a.ph, texts, {out, dim_});
  // text_embeds / text_embeds.norm(p=2, dim=-1, keepdim=True)
  for (size_t i = 0; i < texts; ++i) kernels_->normalize(out + i * dim_, dim_);
}

}  // namespace elanus::clip
