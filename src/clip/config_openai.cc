// config.h's third source: the shapes of the tensors of OpenAI's archives. Reference: OpenAI's CLIP,
// model.py, build_model.
#include <cmath>
#include <string>

#include "clip/config.h"
#include "clip/config_fields.h"

namespace elanus::clip {
namespace {

// Checkpoints' shapes with limits, so that what is computed from them stays small.
class Shapes {
 public:
  explicit Shapes(const Checkpoint& checkpoint) : checkpoint_(checkpoint) {}

  // Dimension `axis` of a tensor of `rank` dimensions.
  Result<uint32_t> at(const std::string& name, size_t axis, size_t rank, uint32_t high) const {
    const auto* shape = checkpoint_.shape(name);
    if (!shape)
      return Error(ErrorKind::not_found, checkpoint_.source() + ": expected a tensor " + name +
                                             ", as OpenAI's CLIP has it, found none");
    if (shape->size() != rank || (*shape)[axis] == 0 || (*shape)[axis] > high)
      return Error(ErrorKind::unsupported, checkpoint_.source() + ": tensor " + name + ": expected " +
                                               std::to_string(rank) + " dimensions, of which number " +
                                               std::to_string(axis + 1) + " is at most " +
                                               std::to_string(high) + ", found " + io::shape_text(*shape));
    return static_cast<uint32_t>((*shape)[axis]);
  }

  // Consecutive layers "<prefix>0<suffix>", ...
  Result<uint32_t> count(const std::string& prefix, const std::string& suffix) const {
    uint32_t n = 0;
    while (checkpoint_.has(prefix + std::to_string(n) + suffix)) ++n;
    if (n == 0 || n > 256)
      return Error(ErrorKind::unsupported, checkpoint_.source() + ": expected from 1 to 256 of " + prefix +
                                               "*" + suffix + ", found " + std::to_string(n));
    return n;
  }

  // The side of the square of positions, which one more stands before.
  Result<uint32_t> grid(const std::string& name) const {
    const uint32_t tokens = TRY(at(name, 0, 2, 16385));
    const auto side = static_cast<uint32_t>(std::lround(std::sqrt(tokens - 1)));
    if (side != 0 && side * side + 1 == tokens) return side;
    return Error(ErrorKind::unsupported, checkpoint_.source() + ": tensor " + name +
                                             ": expected a square number of patches and one more, found " +
                                             std::to_string(tokens));
  }

 private:
  const Checkpoint& checkpoint_;
};

// transformer_heads = transformer_width // 64
Result<TransformerConfig> transformer(const Shapes& shapes, const std::string& tower,
                                      const std::string& norm) {
  const std::string layers = tower + ".encoder.layers.";
  TransformerConfig config;
  config.width = TRY(shapes.at(norm, 0, 1, 16384));
  config.mlp_width = TRY(shapes.at(layers + "0.mlp.fc1.weight", 0, 2, 65536));
  config.layers = TRY(shapes.count(layers, ".layer_norm1.weight"));
  config.heads = config.width / 64;
  if (config.width % 64 != 0)
    return Error(ErrorKind::unsupported,
                 norm + ": expected a width that is a multiple of 64, found " + std::to_string(config.width));
  return config;
}

// vision_heads = vision_width * 32 // 64; image_size = output_width * 32
Result<VisionConfig> resnet(const Shapes& shapes) {
  VisionConfig config;
  config.width = TRY(shapes.at("visual.layer1.0.conv1.weight", 0, 4, 256));
  config.heads = config.width / 2;
  for (size_t stage = 0; stage < config.stages.size(); ++stage)
    config.stages[stage] =
        TRY(shapes.count("visual.layer" + std::to_string(stage + 1) + ".", ".conv1.weight"));
  config.image_size = 32 * TRY(shapes.grid("visual.attnpool.positional_embedding"));
  TRY(finish_resnet(config, "visual"));
  return config;
}

void fit(PreprocessorConfig& preprocessor, uint32_t side) {
  preprocessor.shortest_edge = preprocessor.crop_width = preprocessor.crop_height = side;
  preprocessor.crop_rounding = PreprocessorConfig::CropRounding::half_to_even;
}

}  // namespace

Result<Description> openai_description(const Checkpoint& checkpoint) {
  const Shapes shapes(checkpoint);
  Description description;
  auto& [model, preprocessor] = description;
  const std::string text = "text_model.", vision = "vision_model.",
                    positions = "embeddings.position_embedding.weight";
  static_cast<TransformerConfig&>(model.text) =
      TRY(transformer(shapes, "text_model", text + "final_layer_norm.weight"));
  model.text.vocab_size = TRY(shapes.at(text + "embeddings.token_embedding.weight", 0, 2, 4194304));
  model.text.positions = model.text.context_length = TRY(shapes.at(text + positions, 0, 2, 4096));
  model.text.pool_at_highest_id = true;
  model.projection_dim = TRY(shapes.at("text_projection.weight", 0, 2, 65536));

  if (checkpoint.has("visual.layer1.0.conv1.weight")) {
    model.vision = TRY(resnet(shapes));
    fit(preprocessor, model.vision.image_size);
    return description;
  }
  static_cast<TransformerConfig&>(model.vision) =
      TRY(transformer(shapes, "vision_model", vision + "post_layernorm.weight"));
  model.vision.patch_size = TRY(shapes.at(vision + "embeddings.patch_embedding.weight", 3, 4, 4096));
  model.vision.image_size = TRY(shapes.grid(vision + positions)) * model.vision.patch_size;

  fit(preprocessor, model.vision.image_size);
  return description;
}

}  // namespace elanus::clip
