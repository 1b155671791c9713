#include "clip/config.h"

#include <algorithm>
#include <utility>

#include "clip/config_fields.h"
#include "io/file.h"
#include "io/json.h"

namespace elanus::clip {
namespace {

using nlohmann::json;

// In the order of Activation.
constexpr const char* kActivations[] = {"quick_gelu", "gelu", "gelu_pytorch_tanh"};

// What CLIPTextConfig and CLIPVisionConfig share; `defaults` are theirs.
Result<TransformerConfig> transformer(const Fields& fields, const TransformerConfig& defaults) {
  TransformerConfig config;
  config.width = TRY(fields.whole("hidden_size", defaults.width, 1, 16384));
  config.mlp_width = TRY(fields.whole("intermediate_size", defaults.mlp_width, 1, 65536));
  config.layers = TRY(fields.whole("num_hidden_layers", defaults.layers, 1, 256));
  config.heads = TRY(fields.whole("num_attention_heads", defaults.heads, 1, 1024));
  config.activation = static_cast<Activation>(
      TRY(fields.choice("hidden_act", static_cast<size_t>(defaults.activation), kActivations)));
  config.layer_norm_eps =
      static_cast<float>(TRY(fields.number("layer_norm_eps", defaults.layer_norm_eps, 0, 0.1)));
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
  config.positions = config.context_length = TRY(fields.whole("max_position_embeddings", 77, 2, 4096));
  const uint32_t eos = TRY(fields.whole("eos_token_id", 49407, 0, 4194303));
  config.eos_token_id = static_cast<int32_t>(eos);
  config.pool_at_highest_id = eos == 2;
  if (eos >= config.vocab_size && !config.pool_at_highest_id)
    return fields.unexpected("eos_token_id", "an id below vocab_size " + std::to_string(config.vocab_size),
                             json(eos));
  return config;
}

Result<void> read_picture_side(const Fields& fields, const TransformerConfig& defaults, uint32_t patch,
                               VisionConfig& config) {
  static_cast<TransformerConfig&>(config) = TRY(transformer(fields, defaults));
  config.image_size = TRY(fields.side("image_size", 224));
  config.patch_size = TRY(fields.side("patch_size", patch));
  TRY(check_patches(config, fields.what()));
  const uint32_t channels = TRY(fields.whole("num_channels", 3, 1, 1024));
  if (channels != 3)
    return Error(ErrorKind::unsupported,
                 fields.what() + ": num_channels: expected 3, found " + std::to_string(channels));
  return {};
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

// SiglipTextConfig, SiglipVisionConfig
Result<ModelConfig> siglip_config(const Fields& text, const Fields& vision) {
  const TransformerConfig base{.width = 768,
                               .mlp_width = 3072,
                               .layers = 12,
                               .heads = 12,
                               .activation = Activation::gelu_tanh,
                               .layer_norm_eps = 1e-6f};
  ModelConfig config;
  static_cast<TransformerConfig&>(config.text) = TRY(transformer(text, base));
  config.text.kind = TextKind::siglip;
  config.vision.siglip = true;
  config.text.vocab_size = TRY(text.whole("vocab_size", 32000, 1, 4194304));
  config.text.positions = TRY(text.whole("max_position_embeddings", 64, 2, 4096));
  config.text.context_length = config.text.positions;
  config.projection_dim = TRY(text.whole("projection_size", config.text.width, 1, 65536));
  TRY(read_picture_side(vision, base, 16, config.vision));
  if (!TRY(vision.flag("vision_use_head", true)))
    return vision.unexpected("vision_use_head", "true", *vision.find("vision_use_head"));
  if (config.vision.width != config.projection_dim)
    return Error(ErrorKind::mismatch, vision.what() +
                                          ": hidden_size: expected the length of text embeddings, " +
                                          std::to_string(config.projection_dim) + ", found " +
                                          std::to_string(config.vision.width));
  return config;
}

// ChineseCLIPTextConfig. The published models have 512 positions, of which 52 were trained on pictures.
Result<TextConfig> bert_config(const Fields& fields) {
  constexpr uint32_t trained_context = 52;
  TextConfig config;
  static_cast<TransformerConfig&>(config) = TRY(transformer(fields, {.width = 768,
                                                                     .mlp_width = 3072,
                                                                     .layers = 12,
                                                                     .heads = 12,
                                                                     .activation = Activation::gelu,
                                                                     .layer_norm_eps = 1e-12f}));
  config.kind = TextKind::bert;
  config.vocab_size = TRY(fields.whole("vocab_size", 30522, 1, 4194304));
  config.positions = TRY(fields.whole("max_position_embeddings", 512, 2, 4096));
  config.context_length = std::min(config.positions, trained_context);
  config.token_types = TRY(fields.whole("type_vocab_size", 2, 1, 4096));
  constexpr const char* kAbsolute[] = {"absolute"};
  TRY(fields.choice("position_embedding_type", 0, kAbsolute));
  return config;
}

// What config.json calls a family of models.
enum class ModelType { clip, siglip, chinese_clip };

Result<ModelType> model_type(const Fields& top) {
  constexpr const char* kTypes[] = {"clip", "siglip", "chinese_clip"};
  if (const json* type = top.find("model_type"); type && *type == "siglip2")
    return Error(ErrorKind::unsupported,
                 top.what() +
                     ": model_type siglip2 is SigLIP 2 NaFlex, whose pictures keep their own shape: not "
                     "read; take a SigLIP 2 of fixed resolution, such as siglip2-base-patch16-224");
  return static_cast<ModelType>(TRY(top.choice("model_type", 0, kTypes)));
}

}  // namespace

Result<ModelConfig> parse_model_config(std::string_view source, const std::string& what) {
  const json root = TRY(io::parse_json(source, what, {.max_bytes = max_config_bytes}));
  if (!root.is_object())
    return Error(ErrorKind::corrupt, what + ": expected an object, found " + shown(root));
  const Fields top(root, what);
  const ModelType type = TRY(model_type(top));
  const json text_section = TRY(section(top, "text_config"));
  const json vision_section = TRY(section(top, "vision_config"));
  const Fields text(text_section, what + ": text_config"), vision(vision_section, what + ": vision_config");
  if (type == ModelType::siglip) return siglip_config(text, vision);
  ModelConfig config;
  config.text = TRY(type == ModelType::chinese_clip ? bert_config(text) : text_config(text));
  TRY(read_picture_side(vision, {.width = 768, .mlp_width = 3072, .layers = 12, .heads = 12}, 32,
                        config.vision));
  config.projection_dim = TRY(top.whole("projection_dim", 512, 1, 65536));
  return config;
}

Result<ModelConfig> read_model_config(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "config.json";
  return parse_model_config(TRY(io::read_text(path, max_config_bytes)), path.string());
}

}  // namespace elanus::clip
