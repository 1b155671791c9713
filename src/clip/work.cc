#include "clip/work.h"

namespace elanus::clip {
namespace {

// Layers but the last for all rows; of the last, keys and values for all rows and the rest for one
// (transformer.h). `pairs` counts query and key pairs of a full layer.
Work transformer_work(const TransformerConfig& config, double rows, double pairs) {
  const double width = config.width, mlp = config.mlp_width, layers = config.layers;
  const double block = 4 * width * width + 2 * width * mlp;
  Work work;
  work.flops = 2 * ((layers - 1) * (rows * block + 2 * pairs * width) + rows * 2 * width * width + block -
                    2 * width * width + 2 * rows * width);
  work.attention_flops = 2 * ((layers - 1) * 2 * pairs * width + 2 * rows * width);
  work.weight_bytes = 2 * layers * block;
  return work;
}

Work with_matrix(Work work, double rows, double inputs, double outputs) {
  work.flops += 2 * rows * inputs * outputs;
  work.weight_bytes += 2 * inputs * outputs;
  return work;
}

// ModifiedResNet of OpenAI's code: a stem of three convolutions, bottlenecks that halve by pooling, attention
// pooling whose only query is the mean.
Work resnet_work(const VisionConfig& config, double dim) {
  Work work;
  double side = config.image_size / 2.0;
  const auto convolution = [&](double size, double inputs, double outputs) {
    work = with_matrix(work, side * side, size * size * inputs, outputs);
  };
  const double width = config.width;
  convolution(3, 3, width / 2);
  convolution(3, width / 2, width / 2);
  convolution(3, width / 2, width);
  side /= 2;
  double inputs = width, planes = width;
  for (size_t stage = 0; stage < config.stages.size(); ++stage, planes *= 2) {
    for (uint32_t block = 0; block < config.stages[stage]; ++block) {
      convolution(1, inputs, planes);
      convolution(3, planes, planes);
      if (stage > 0 && block == 0) side /= 2;
      convolution(1, planes, 4 * planes);
      if (block == 0) convolution(1, inputs, 4 * planes);
      inputs = 4 * planes;
    }
  }
  work = with_matrix(work, side * side + 1, inputs, 2 * inputs);
  work = with_matrix(work, 1, inputs, inputs);
  return with_matrix(work, 1, inputs, dim);
}

}  // namespace

Work work_per_text(const ModelConfig& config, size_t tokens) {
  const auto rows = static_cast<double>(tokens);
  const Work transformer = transformer_work(config.text, rows, rows * (rows + 1) / 2);
  return with_matrix(transformer, 1, config.text.width, config.projection_dim);
}

Work work_per_picture(const ModelConfig& config) {
  if (config.vision.is_resnet()) return resnet_work(config.vision, config.projection_dim);
  const double rows = config.vision.tokens(), side = config.vision.patch_size;
  const Work transformer = transformer_work(config.vision, rows, rows * rows);
  const Work patches = with_matrix(transformer, rows - 1, 3 * side * side, config.vision.width);
  return with_matrix(patches, 1, config.vision.width, config.projection_dim);
}

}  // namespace elanus::clip
