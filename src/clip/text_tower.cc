#include "clip/text_tower.h"

#include <algorithm>

namespace elanus::clip {

size_t pooled_position(std::span<const int32_t> ids, const TextConfig& config) {
  // eos_token_id == 2: input_ids.argmax(dim=-1); else (input_ids == eos_token_id).int().argmax(dim=-1), which
  // is 0 when there is none.
  if (config.siglip) return ids.size() - 1;
  if (config.pool_at_highest_id)
    return static_cast<size_t>(std::max_element(ids.begin(), ids.end()) - ids.begin());
  const auto found = std::find(ids.begin(), ids.end(), config.eos_token_id);
  return found == ids.end() ? 0 : static_cast<size_t>(found - ids.begin());
}

Result<TextTower> TextTower::load(const WeightSource& source, const ModelConfig& config) {
  const TextConfig& text = config.text;
  const size_t width = text.width;
  const std::string embeddings = "text_model.embeddings.";
  TextTower t;
  t.kernels_ = &source.kernels;
  t.config_ = text;
  t.dim_ = config.projection_dim;
  t.token_embedding_ =
      TRY(load_rows(source, embeddings + "token_embedding.weight", {text.vocab_size, width}));
  t.position_embedding_ =
      TRY(load_values(source, embeddings + "position_embedding.weight", {text.context_length, width}));
  t.encoder_ = TRY(Transformer::load(source, "text_model.encoder", text, !text.siglip));
  t.final_norm_ = TRY(load_layer_norm(source, "text_model.final_layer_norm", width, text.layer_norm_eps));
  t.projection_ = TRY(load_linear(source.exactly(), text.siglip ? "text_model.head" : "text_projection",
                                  config.projection_dim, width, text.siglip));
  return t;
}

void TextTower::embed(const Crew& crew, std::span<const std::vector<int32_t>> ids, float* out) const {
  Activations& a = crew.activations();
  const size_t width = config_.width, texts = ids.size();
  a.sequences.clear();
  size_t total = 0;
  for (const auto& text : ids) {
    const size_t count = rows(text);
    a.sequences.push_back({total, count, count - 1});
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
  // encoder(..., causal), of which only the pooled rows are kept                              px [texts,
  // width]
  encoder_.run(crew, total);
  // final_layer_norm(last_hidden_state); pooled_output = last_hidden_state[.., eos position]  ph [texts,
  // width]
  layer_norm(crew, *kernels_, final_norm_, a.px, texts, a.ph);
  // text_features = text_projection(pooled_output)                                            out [texts,
  // projection_dim]
  linear(crew, *kernels_, projection_, a.ph, texts, {out, dim_});
  // text_embeds / text_embeds.norm(p=2, dim=-1, keepdim=True)
  for (size_t i = 0; i < texts; ++i) kernels_->normalize(out + i * dim_, dim_);
}

}  // namespace elanus::clip
