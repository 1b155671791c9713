#include "clip/open_clip_tensors.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>

namespace elanus::clip {
namespace {

using io::TensorView;

struct Renaming {
  std::string_view from, to;
};

constexpr Renaming kWhole[] = {
    {"token_embedding.weight", "text_model.embeddings.token_embedding.weight"},
    {"positional_embedding", "text_model.embeddings.position_embedding.weight"},
    {"ln_final.weight", "text_model.final_layer_norm.weight"},
    {"ln_final.bias", "text_model.final_layer_norm.bias"},
    {"logit_scale", "logit_scale"},
    {"logit_bias", "logit_bias"},
    {"visual.class_embedding", "vision_model.embeddings.class_embedding"},
    {"visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"},
    {"visual.conv1.weight", "vision_model.embeddings.patch_embedding.weight"},
    {"visual.ln_pre.weight", "vision_model.pre_layrnorm.weight"},
    {"visual.ln_pre.bias", "vision_model.pre_layrnorm.bias"},
    {"visual.ln_post.weight", "vision_model.post_layernorm.weight"},
    {"visual.ln_post.bias", "vision_model.post_layernorm.bias"},
};
constexpr Renaming kTransposed[] = {{"text_projection", "text_projection.weight"},
                                    {"visual.proj", "visual_projection.weight"}};
constexpr Renaming kStacks[] = {
    {"transformer.resblocks.", "text_model.encoder.layers."},
    {"visual.transformer.resblocks.", "vision_model.encoder.layers."},
};
constexpr Renaming kInLayer[] = {
    {"ln_1.", "layer_norm1."},
    {"ln_2.", "layer_norm2."},
    {"mlp.c_fc.", "mlp.fc1."},
    {"mlp.c_proj.", "mlp.fc2."},
    {"attn.out_proj.", "self_attn.out_proj."},
};
constexpr std::string_view kIgnored[] = {"input_resolution", "context_length", "vocab_size", "attn_mask"};

std::string_view without(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

const Renaming* find(std::span<const Renaming> table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const auto& r) { return r.from == name; });
  return found == table.end() ? nullptr : &*found;
}

const Renaming* find_prefix(std::span<const Renaming> table, std::string_view name) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& r) { return name.starts_with(r.from); });
  return found == table.end() ? nullptr : &*found;
}

// "<n>.<rest>" of a layer; `rest` is what stands after the number.
std::string_view layer_number(std::string_view name) { return name.substr(0, name.find('.') + 1); }

TensorView transposed(const TensorView& view, std::vector<std::byte>& copy) {
  const size_t rows = view.shape[0], columns = view.shape[1],
               size = view.elements() == 0 ? 0 : view.data.size() / view.elements();
  copy.resize(view.data.size());
  for (size_t r = 0; r < rows; ++r)
    for (size_t c = 0; c < columns; ++c)
      std::memcpy(&copy[(c * rows + r) * size], &view.data[(r * columns + c) * size], size);
  TensorView result = view;
  result.shape = {columns, rows};
  result.data = copy;
  return result;
}

// Query, key and value of nn.MultiheadAttention: [3 width, ...] as three tensors [width, ...].
std::array<TensorView, 3> thirds(const TensorView& view) {
  std::array<TensorView, 3> parts = {view, view, view};
  for (size_t i = 0; i < 3; ++i) {
    parts[i].shape[0] = view.shape[0] / 3;
    parts[i].data = view.data.subspan(view.data.size() / 3 * i, view.data.size() / 3);
  }
  return parts;
}

}  // namespace

Result<io::TensorMap> with_transformers_names(const io::TensorMap& tensors, Derived& derived,
                                              const std::string& what) {
  io::TensorMap renamed;
  const bool resnet = std::any_of(tensors.begin(), tensors.end(), [](const auto& tensor) {
    return without(tensor.first, "module.") == "visual.layer1.0.conv1.weight";
  });
  derived.reserve(std::size(kTransposed));
  for (const auto& [full_name, view] : tensors) {
    const std::string_view name = without(without(full_name, "module."), "text.");
    if (resnet && name.starts_with("visual.")) {
      renamed.emplace(name, view);
      continue;
    }
    if (const Renaming* r = find(kWhole, name)) {
      renamed.emplace(r->to, view);
      continue;
    }
    const Renaming* turned = find(kTransposed, name);
    if (turned && view.shape.size() == 2) {
      renamed.emplace(turned->to, transposed(view, derived.emplace_back()));
      continue;
    }
    if (const Renaming* stack = find_prefix(kStacks, name)) {
      const std::string_view number = layer_number(name.substr(stack->from.size()));
      const std::string_view rest = name.substr(stack->from.size() + number.size());
      const std::string layer = std::string(stack->to) + std::string(number);
      if (const Renaming* part = find_prefix(kInLayer, rest)) {
        renamed.emplace(layer + std::string(part->to) + std::string(rest.substr(part->from.size())), view);
        continue;
      }
      if (rest == "attn.in_proj_weight" || rest == "attn.in_proj_bias") {
        if (view.shape.empty() || view.shape[0] % 3 != 0)
          return Error(ErrorKind::corrupt,
                       what + ": tensor " + full_name +
                           ": expected query, key and value weights of equal size, found " + "shape " +
                           io::shape_text(view.shape));
        const auto parts = thirds(view);
        for (size_t i = 0; i < 3; ++i)
          renamed.emplace(layer + "self_attn." + "qkv"[i] + "_proj." + std::string(rest.substr(13)),
                          parts[i]);
        continue;
      }
    }
    if (std::find(std::begin(kIgnored), std::end(kIgnored), name) == std::end(kIgnored))
      return Error(ErrorKind::unsupported, what + ": tensor " + full_name + " " + io::shape_text(view.shape) +
                                               " is no part of the CLIP that is read here (OpenAI's)");
  }
  return renamed;
}

}  // namespace elanus::clip
