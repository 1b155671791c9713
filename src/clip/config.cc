#include "clip/config.h"

#include <utility>

#include "clip/config_fields.h"
#include "io/file.h"
#include "io/json.h"

namespace elanus::clip {
namespace {

using nlohmann::json;

constexpr const char* kActivations[] = {"quick_gelu", "gelu"};  // in the order of Activation

// What CLIPTextConfig and CLIPVisionConfig share; `defaults` are theirs.
Result<TransformerConfig> transformer(const Fields& fields, const TransformerConfig& defaults) {
  TransformerConfig config;
  config.width = TRY(fields.whole("hidden_size", defaults.width, 1, 16384));
  config.mlp_width = TRY(fields.whole("intermediate_size", defaults.mlp_width, 1, 65536));
  config.layers = TRY(fields.whole("num_hidden_layers", defaults.layers, 1, 256));
  config.heads = TRY(fields.whole("num_attention_heads", defaults.heads, 1, 1024));
  config.activation = static_cast<Activation>(TRY(fields.choice("hidden_act", 0, kActivations)));
  config.layer_norm_eps = static_cast<float>(TRY(fields.number("layer_norm_eps", 1e-5, 0, 0.1)));
  if (config.width % config.heads != 0)
    return Error(ErrorKind::corrupt,
                 fields.what() + ": hidden_size: expected a multiple of num_attention_heads " +
                     std::to_string(config.heads) + ", found " + std::to_string(config.width));
  return config;
}

Result<TextConfig> text_config(const Fields& fields) {
  TextConfig config;
  static_cast<TransformerConfig&>(config) =
      TRY(transformer(fields, {.width = 512, .mlp_width = 2048, .layers = 12, .heads = 8}));
  config.vocab_size = TRY(fields.whole("vocab_size", 49408, 1, 4194304));
  config.context_length = TRY(fields.whole("max_position_embeddings", 77, 2, 4096));
  const uint32_t eos = TRY(fields.whole("eos_token_id", 49407, 0, 4194303));
  config.eos_token_id = static_cast<int32_t>(eos);
  config.pool_at_highest_id = eos == 2;
  if (eos >= config.vocab_size && !config.pool_at_highest_id)
    return fields.unexpected("eos_token_id", "an id below vocab_size " + std::to_string(config.vocab_size),
                             json(eos));
  return config;
}

Result<VisionConfig> vision_config(const Fields& fields) {
  VisionConfig config;
  static_cast<TransformerConfig&>(config) =
      TRY(transformer(fields, {.width = 768, .mlp_width = 3072, .layers = 12, .heads = 12}));
  config.image_size = TRY(fields.side("image_size", 224));
  config.patch_size = TRY(fields.side("patch_size", 32));
  TRY(check_patches(config, fields.what()));
  const uint32_t channels = TRY(fields.whole("num_channels", 3, 1, 1024));
  if (channels != 3)
    return Error(ErrorKind::unsupported,
                 fields.what() + ": num_channels: expected 3, found " + std::to_string(channels));
  return config;
}

// The object at `key`, with what the older `key`_dict says laid over it, as CLIPConfig does: there the older
// one comes with the defaults of its missing keys, so it counts alone when it is given.
Result<json> section(const Fields& top, const std::string& key) {
  for (const std::string& name : {key + "_dict", key}) {
    const json* found = top.find(name.c_str());
    if (!found) continue;
    if (!found->is_object()) return top.unexpected(name, "an object", *found);
    return *found;
  }
  return json::object();
}

}  // namespace

Result<ModelConfig> parse_model_config(std::string_view text, const std::string& what) {
  const json root = TRY(io::parse_json(text, what, {.max_bytes = max_config_bytes}));
  if (!root.is_object())
    return Error(ErrorKind::corrupt, what + ": expected an object, found " + shown(root));
  const Fields top(root, what);
  const std::string type = TRY(top.text("model_type", "clip"));
  if (type != "clip")
    return Error(ErrorKind::unsupported, what + ": model_type: expected clip, found " + shown(json(type)));

  const json text_section = TRY(section(top, "text_config"));
  const json vision_section = TRY(section(top, "vision_config"));
  ModelConfig config;
  config.text = TRY(text_config(Fields(text_section, what + ": text_config")));
  config.vision = TRY(vision_config(Fields(vision_section, what + ": vision_config")));
  config.projection_dim = TRY(top.whole("projection_dim", 512, 1, 65536));
  return config;
}

Result<ModelConfig> read_model_config(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "config.json";
  return parse_model_config(TRY(io::read_text(path, max_config_bytes)), path.string());
}

}  // namespace elanus::clip
