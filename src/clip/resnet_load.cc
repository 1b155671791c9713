#include <algorithm>

#include "clip/convolution_weights.h"
#include "clip/resnet_tower.h"
#include "ops/winograd.h"

namespace elanus::clip {
namespace {

constexpr const char* kVisual = "visual.";
constexpr size_t kExpansion = 4;  // planes to channels of a bottleneck
constexpr float kBatchNormEps = 1e-5f;

}  // namespace

Result<ResNetTower::Convolution> ResNetTower::load_convolution(const WeightSource& source,
                                                               const std::string& name,
                                                               const std::string& norm,
                                                               std::array<size_t, 4> shape) {
  return Convolution{TRY(load_unfolded(source, {kVisual + name, kVisual + norm, shape, kBatchNormEps})),
                     shape[0]};
}

// Of stride 1, on maps: Winograd's way saves half the work in floats. In integers it would cost two bits of
// each value.
Result<ResNetTower::Convolution> ResNetTower::load_convolution3x3(const WeightSource& source,
                                                                  const std::string& name,
                                                                  const std::string& norm, size_t n,
                                                                  size_t channels) {
  if (source.precision != Precision::exact) return load_convolution(source, name, norm, {n, channels, 3, 3});
  const NormedConvolution convolution{kVisual + name, kVisual + norm, {n, channels, 3, 3}, kBatchNormEps};
  return Convolution{TRY(load_winograd(source, convolution)), n, true};
}

Result<void> ResNetTower::load_blocks(const WeightSource& source) {
  size_t in = config_.width;
  for (size_t stage = 0; stage < config_.stages.size(); ++stage) {
    const size_t planes = size_t{config_.width} << stage;
    for (size_t i = 0; i < config_.stages[stage]; ++i) {
      const std::string name = "layer" + std::to_string(stage + 1) + "." + std::to_string(i) + ".";
      Bottleneck block;
      block.halve = stage > 0 && i == 0;
      block.conv1 = TRY(load_convolution(source, name + "conv1", name + "bn1", {planes, in, 1, 1}));
      block.conv2 = TRY(load_convolution3x3(source, name + "conv2", name + "bn2", planes, planes));
      block.conv3 =
          TRY(load_convolution(source, name + "conv3", name + "bn3", {planes * kExpansion, planes, 1, 1}));
      if (i == 0)
        block.downsample = TRY(load_convolution(source, name + "downsample.0", name + "downsample.1",
                                                {planes * kExpansion, in, 1, 1}));
      blocks_.push_back(std::move(block));
      in = planes * kExpansion;
    }
  }
  return {};
}

Result<ResNetTower> ResNetTower::load(const WeightSource& source, const ModelConfig& config,
                                      const PixelScale& pixels) {
  ResNetTower t;
  t.kernels_ = &source.kernels;
  t.config_ = config.vision;
  t.dim_ = config.projection_dim;
  t.pixel_ = pixel_table(pixels);
  const size_t width = config.vision.width, half = width / 2, features = width * 32;
  t.stem_[0] = TRY(load_convolution(source, "conv1", "bn1", {half, 3, 3, 3}));
  t.stem_[1] = TRY(load_convolution3x3(source, "conv2", "bn2", half, half));
  t.stem_[2] = TRY(load_convolution3x3(source, "conv3", "bn3", width, half));
  TRY(t.load_blocks(source));
  const std::string pool = std::string(kVisual) + "attnpool.", kv[] = {pool + "k_proj", pool + "v_proj"};
  t.positions_ = TRY(load_values(source, pool + "positional_embedding", {config.vision.tokens(), features}));
  t.query_ = TRY(load_linear(source, pool + "q_proj", features, features, true));
  t.key_and_value_ = TRY(load_linear(source, kv, features, features, true));
  t.projection_ = TRY(load_linear(source.exactly(), pool + "c_proj", t.dim_, features, true));
  return t;
}

Result<Workspace> ResNetTower::allocate(unsigned workers) const {
  // The largest map, and the largest block of neighbourhoods, of any step below.
  size_t map = 0, unfolded = 0, most_inputs = 0, winograd = 0;
  const auto step = [&](size_t side, size_t channels, size_t inputs) {
    map = std::max(map, side * side * ops::row_stride(channels));
    most_inputs = std::max({most_inputs, channels, 9 * inputs});
    unfolded = std::max(unfolded, std::min(side * side, kUnfoldedPixels) * ops::row_stride(9 * inputs));
    const size_t blocks = ops::winograd_blocks_at_once(*kernels_, inputs, channels);
    winograd = std::max(winograd, ops::winograd_scratch(*kernels_, inputs, channels, blocks));
  };
  const size_t width = config_.width, features = width * 32;
  step(config_.image_size / 2, width, std::max<size_t>(width / 2, 3));
  size_t side = config_.image_size / 4;
  for (size_t stage = 0; stage < config_.stages.size(); ++stage) {
    const size_t planes = width << stage;
    step(side, planes, planes);
    if (stage > 0) side /= 2;
    step(side, planes * kExpansion, 1);
  }
  map = std::max(map, config_.tokens() * ops::row_stride(2 * features));
  const size_t scratch =
      std::max(winograd, kernels_->attention_scratch(config_.tokens(), features / config_.heads));
  Workspace workspace;
  for (unsigned worker = 0; worker < workers; ++worker) {
    workspace.activations.push_back(TRY(Activations::allocate_maps(map, unfolded, most_inputs)));
    workspace.scratch.push_back(TRY(ops::Buffer::allocate(scratch * sizeof(float))));
  }
  return workspace;
}

}  // namespace elanus::clip
