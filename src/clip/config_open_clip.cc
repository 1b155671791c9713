// open_clip_config.json: config.h's open_clip half. Reference: open_clip, model.py (CLIPVisionCfg,
// CLIPTextCfg) and transform.py (image_transform).
#include <cmath>
#include <utility>

#include "clip/config.h"
#include "clip/config_fields.h"
#include "io/file.h"
#include "io/json.h"

namespace elanus::clip {
namespace {

using nlohmann::json;

// Options that change what is computed, with the one value that is CLIP. A missing or null key means it.
const json kVisionIsClip = {{"attentional_pool", false},
                            {"no_ln_pre", false},
                            {"pos_embed_type", "learnable"},
                            {"pool_type", "tok"},
                            {"final_ln_after_pool", false}};
const json kTextIsClip = {{"embed_cls", false},           {"no_causal_mask", false},
                          {"final_ln_after_pool", false}, {"pool_type", "argmax"},
                          {"proj_bias", false},           {"proj_type", "linear"},
                          {"tokenizer_kwargs", nullptr},  {"hf_model_name", nullptr}};
const json kTowerIsClip = {
    {"ls_init_value", nullptr}, {"act_kwargs", nullptr},     {"norm_kwargs", nullptr},
    {"block_type", "default"},  {"qk_norm", false},          {"scaled_cosine_attn", false},
    {"scale_heads", false},     {"scale_attn_inner", false}, {"scale_attn", false},
    {"scale_fc", false},        {"timm_model_name", nullptr}};

Result<void> check_is_clip(const Fields& fields, const json& expected) {
  for (const auto& [key, value] : expected.items()) {
    const json* found = fields.find(key.c_str());
    if (found && *found != value)
      return Error(ErrorKind::unsupported, fields.what() + ": " + key + ": expected " +
                                               (value.is_null() ? "none" : shown(value)) +
                                               ", as in OpenAI's CLIP, found " + shown(*found));
  }
  return {};
}

Result<const json*> section(const Fields& fields, const char* key) {
  const json* found = fields.find(key);
  if (!found || !found->is_object()) return fields.unexpected(key, "an object", found ? *found : json());
  return found;
}

Result<std::array<uint32_t, 4>> resnet_stages(const json& layers, const Fields& fields) {
  std::array<uint32_t, 4> stages{};
  if (layers.size() != stages.size()) return fields.unexpected("layers", "a number, or four", layers);
  for (size_t i = 0; i < stages.size(); ++i) {
    const json one = {{"layers", layers[i]}};
    stages[i] = TRY(Fields(one, fields.what()).whole("layers", 0, 1, 64));
  }
  return stages;
}

// What both towers have; the heads are the caller's.
Result<TransformerConfig> transformer(const Fields& fields, uint32_t width, Activation activation) {
  TRY(check_is_clip(fields, kTowerIsClip));
  TransformerConfig config;
  config.width = TRY(fields.whole("width", width, 1, 16384));
  config.layers = TRY(fields.whole("layers", 12, 1, 256));
  // int(width * mlp_ratio)
  const double mlp = config.width * TRY(fields.number("mlp_ratio", 4.0, 1e-3, 64));
  if (mlp < 1 || mlp > 65536)
    return fields.unexpected("mlp_ratio", "an inner width from 1 to 65536", *fields.find("mlp_ratio"));
  config.mlp_width = static_cast<uint32_t>(mlp);
  config.activation = activation;
  return config;
}

Error not_a_multiple(const Fields& fields, const std::string& name, uint32_t value, uint32_t divisor) {
  return {ErrorKind::corrupt, fields.what() + ": width: expected a multiple of " + name + " " +
                                  std::to_string(divisor) + ", found " + std::to_string(value)};
}

Result<TextConfig> text_config(const Fields& fields, Activation activation) {
  TRY(check_is_clip(fields, kTextIsClip));
  TextConfig config;
  static_cast<TransformerConfig&>(config) = TRY(transformer(fields, 512, activation));
  config.heads = TRY(fields.whole("heads", 8, 1, 1024));
  if (config.width % config.heads != 0) return not_a_multiple(fields, "heads", config.width, config.heads);
  config.vocab_size = TRY(fields.whole("vocab_size", 49408, 1, 4194304));
  config.positions = config.context_length = TRY(fields.whole("context_length", 77, 2, 4096));
  config.pool_at_highest_id = true;  // text_global_pool, "argmax"
  return config;
}

// _build_vision_tower: "layers" is a list of four, heads = width * 32 // head_width
Result<VisionConfig> resnet_config(const Fields& fields, const json& layers) {
  VisionConfig config;
  config.stages = TRY(resnet_stages(layers, fields));
  config.width = TRY(fields.whole("width", 768, 2, 256));
  config.heads = config.width * 32 / TRY(fields.whole("head_width", 64, 1, 8192));
  config.image_size = TRY(fields.side("image_size", 224));
  TRY(finish_resnet(config, fields.what()));
  return config;
}

Result<VisionConfig> vision_config(const Fields& fields, Activation activation) {
  TRY(check_is_clip(fields, kVisionIsClip));
  VisionConfig config;
  if (const json* layers = fields.find("layers"); layers && layers->is_array())
    return resnet_config(fields, *layers);
  static_cast<TransformerConfig&>(config) = TRY(transformer(fields, 768, activation));
  const uint32_t head_width = TRY(fields.whole("head_width", 64, 1, 16384));
  if (config.width % head_width != 0) return not_a_multiple(fields, "head_width", config.width, head_width);
  config.heads = config.width / head_width;
  if (config.heads > 1024) return fields.unexpected("head_width", "at most 1024 heads", json(head_width));
  config.image_size = TRY(fields.side("image_size", 224));
  config.patch_size = TRY(fields.side("patch_size", 16));
  TRY(check_patches(config, fields.what()));
  return config;
}

Result<PreprocessorConfig> preprocessor(const Fields& fields, uint32_t side) {
  PreprocessorConfig config;
  // The model's own side counts, whatever "size" says (create_model_from_pretrained).
  config.shortest_edge = config.resize_width = config.resize_height = side;
  config.crop_width = config.crop_height = side;
  constexpr const char* kModes[] = {"shortest", "squash"};
  const bool squash = TRY(fields.choice("resize_mode", 0, kModes)) == 1;
  config.resize = squash ? PreprocessorConfig::Resize::exact : PreprocessorConfig::Resize::shortest_edge;
  config.center_crop = !squash;
  config.crop_rounding = PreprocessorConfig::CropRounding::half_to_even;
  constexpr const char* kFilters[] = {"bicubic", "bilinear", "random"};  // random is for training
  const bool bilinear = TRY(fields.choice("interpolation", 0, kFilters)) == 1;
  config.resample = bilinear ? Resample::bilinear : Resample::bicubic;
  config.mean = TRY(fields.channels("mean", config.mean, -1e6));
  config.std = TRY(fields.channels("std", config.std, 1e-9));
  return config;
}

}  // namespace

Result<Description> parse_open_clip_config(std::string_view text, const std::string& what) {
  const json root = TRY(io::parse_json(text, what, {.max_bytes = max_config_bytes}));
  if (!root.is_object())
    return Error(ErrorKind::corrupt, what + ": expected an object, found " + shown(root));
  const Fields top(root, what);
  const Fields model(*TRY(section(top, "model_cfg")), what + ": model_cfg");
  if (const json* found = model.find("multimodal_cfg"))
    return Error(ErrorKind::unsupported,
                 model.what() + ": multimodal_cfg: expected none (CoCa is not read), found " + shown(*found));
  const Activation activation =
      TRY(model.flag("quick_gelu", false)) ? Activation::quick_gelu : Activation::gelu;
  const Fields text_fields(*TRY(section(model, "text_cfg")), model.what() + ": text_cfg");
  const Fields vision_fields(*TRY(section(model, "vision_cfg")), model.what() + ": vision_cfg");
  Description description;
  description.model.text = TRY(text_config(text_fields, activation));
  description.model.vision = TRY(vision_config(vision_fields, activation));
  description.model.projection_dim = TRY(model.whole("embed_dim", 512, 1, 65536));
  const json none = json::object();
  const json* preprocess = top.find("preprocess_cfg");
  if (preprocess) preprocess = TRY(section(top, "preprocess_cfg"));
  description.preprocessor =
      TRY(preprocessor(Fields(preprocess ? *preprocess : none, what + ": preprocess_cfg"),
                       description.model.vision.image_size));
  return description;
}

Result<Description> read_description(const ModelFiles& files) {
  if (files.layout == Layout::openai) return openai_description(TRY(Checkpoint::open(files)));
  if (files.layout == Layout::open_clip) {
    const std::filesystem::path path = files.folder / "open_clip_config.json";
    return parse_open_clip_config(TRY(io::read_text(path, max_config_bytes)), path.string());
  }
  Description description;
  description.model = TRY(read_model_config(files.folder));
  description.preprocessor = TRY(read_preprocessor_config(files.folder));
  return description;
}

}  // namespace elanus::clip
