// What a model says of itself beside its weights: config.json and preprocessor_config.json of transformers,
// or open_clip_config.json. Missing keys take the defaults of transformers' CLIPTextConfig, CLIPVisionConfig,
// CLIPConfig and CLIPImageProcessor (or SigLIP's and Chinese-CLIP's of these), or of open_clip's CLIPTextCfg,
// CLIPVisionCfg and PreprocessCfg. Every number has a limit, so that sizes computed from a config cannot
// overflow.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "clip/checkpoint.h"
#include "clip/layout.h"

namespace elanus::clip {

enum class Activation {
  quick_gelu,  // x * sigmoid(1.702 x)
  gelu,        // x * (1 + erf(x / sqrt(2))) / 2
  gelu_tanh,   // its approximation by tanh
};

// One transformer, text or vision.
struct TransformerConfig {
  uint32_t width = 0;      // hidden_size, 1..16384, a multiple of heads
  uint32_t mlp_width = 0;  // intermediate_size, 1..65536
  uint32_t layers = 0;     // num_hidden_layers, 1..256
  uint32_t heads = 0;      // num_attention_heads, 1..1024
  Activation activation = Activation::quick_gelu;
  float layer_norm_eps = 1e-5f;  // 0 <= eps <= 0.1
  uint32_t head_dim() const { return width / heads; }
};

// Whose text tower it is.
enum class TextKind {
  clip,
  siglip,  // every token attends to every other, padding included, the last one is pooled, and the projection
           // has a bias; texts are padded to context_length
  bert,    // Chinese-CLIP's: norms after each step, position and type embeddings with a norm of their own,
           // every token attends to every other, the first one is pooled; texts are not padded
};

struct TextConfig : TransformerConfig {
  TextKind kind = TextKind::clip;
  uint32_t vocab_size = 0;      // 1..4194304
  uint32_t positions = 0;       // max_position_embeddings, 2..4096
  uint32_t context_length = 0;  // tokens of a text, start and end included, 2..positions
  uint32_t token_types = 0;     // of bert: type_vocab_size, 1..4096; texts have the first
  int32_t eos_token_id = 0;     // 0..vocab_size-1
  // Which token's state becomes the embedding. Configs written before transformers 4.31 say eos_token_id 2
  // whatever the vocabulary: there it is the first token of the highest id. Else the first token that is
  // eos_token_id.
  bool pool_at_highest_id = false;
};

struct VisionConfig : TransformerConfig {
  uint32_t image_size = 0;  // pixels per side, 1..4096, a multiple of patch_size
  uint32_t patch_size = 0;  // pixels per side; of a ModifiedResNet 32, what one of its last pixels stands for
  // Blocks of each stage of a ModifiedResNet, 1..64 each, whose stem has `width` channels and whose pooling
  // has `heads`; all 0 for a transformer.
  std::array<uint32_t, 4> stages{};
  bool is_resnet() const { return stages[0] != 0; }
  uint32_t grid() const { return image_size / patch_size; }  // patches per side
  // SigLIP's: no class token, a bias on the patches, pooling by attention, no projection.
  bool siglip = false;
  uint32_t tokens() const { return grid() * grid() + (siglip ? 0 : 1); }  // patches and the class token
};

struct ModelConfig {
  TextConfig text;
  VisionConfig vision;
  uint32_t projection_dim = 0;  // length of an embedding, 1..65536
};

// corrupt: no JSON object, a key of the wrong type, a number outside its limits; unsupported: another
// model_type, hidden_act or number of channels, named. `what` names the source in errors.
Result<ModelConfig> parse_model_config(std::string_view json, const std::string& what);
// `folder`/config.json.
Result<ModelConfig> read_model_config(const std::filesystem::path& folder);

enum class Resample { nearest, lanczos, bilinear, bicubic, box, hamming };  // PIL's numbers

struct PreprocessorConfig {
  enum class Resize { none, shortest_edge, exact };
  Resize resize = Resize::shortest_edge;
  uint32_t shortest_edge = 224;                      // pixels, for Resize::shortest_edge
  uint32_t resize_width = 224, resize_height = 224;  // pixels, for Resize::exact
  Resample resample = Resample::bicubic;
  bool center_crop = true;
  uint32_t crop_width = 224, crop_height = 224;  // pixels
  // Where a crop begins that leaves an odd number of pixels: transformers rounds down, torchvision
  // (open_clip, OpenAI) to the even one.
  enum class CropRounding { down, half_to_even };
  CropRounding crop_rounding = CropRounding::down;
  bool rescale = true;
  double rescale_factor = 1.0 / 255;
  bool normalize = true;
  std::array<double, 3> mean = {0.48145466, 0.4578275, 0.40821073};  // of R, G, B, after rescaling
  std::array<double, 3> std = {0.26862954, 0.26130258, 0.27577711};  // none is 0
};

// As parse_model_config. `json` is a preprocessor_config.json, or a processor_config.json with an
// "image_processor". do_convert_rgb is not kept: pictures are always RGB here.
Result<PreprocessorConfig> parse_preprocessor_config(std::string_view json, const std::string& what);
// `folder`/preprocessor_config.json, else `folder`/processor_config.json. not_found when there is neither.
Result<PreprocessorConfig> read_preprocessor_config(const std::filesystem::path& folder);

struct Description {
  ModelConfig model;
  PreprocessorConfig preprocessor;
};

// As parse_model_config, for an open_clip_config.json. unsupported: a tower that is not OpenAI's (a timm or
// Hugging Face model, CoCa, another pooling, an attention option), the key named.
Result<Description> parse_open_clip_config(std::string_view json, const std::string& what);

// From the shapes of OpenAI's tensors. not_found and unsupported name the tensor.
Result<Description> openai_description(const Checkpoint& checkpoint);

// From the files, or the tensors, as the layout has it.
Result<Description> read_description(const ModelFiles& files);

// mismatch when prepared pictures would not be image_size x image_size pixels for every picture.
Result<void> check_fits(const PreprocessorConfig& preprocessor, const VisionConfig& vision);

}  // namespace elanus::clip
