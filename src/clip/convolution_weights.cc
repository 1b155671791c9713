#include "clip/convolution_weights.h"

#include <algorithm>
#include <cmath>

#include "clip/weights.h"
#include "ops/winograd.h"

namespace elanus::clip {
namespace {

// A convolution with its batch norm in it.
struct FoldedConvolution {
  MatrixRows kernels;  // rows of [channels][height][width], not yet scaled
  std::vector<float> scale, bias;

  void read(size_t output, std::span<float> out) const {
    kernels.read(output, out);
    for (float& value : out) value *= scale[output];
  }
};

// (x - mean) / sqrt(var + eps) * gamma + beta = x * scale + (beta - mean * scale)
Result<FoldedConvolution> fold(const WeightSource& source, const NormedConvolution& convolution) {
  const auto [n, channels, height, width] = convolution.shape;
  const auto norm_values = [&, outputs = n](const char* part) -> Result<std::vector<float>> {
    return to_f32(TRY(source.checkpoint.tensor(convolution.norm + part, {outputs})));
  };
  auto scale = TRY(norm_values(".weight")), bias = TRY(norm_values(".bias"));
  const auto mean = TRY(norm_values(".running_mean")), variance = TRY(norm_values(".running_var"));
  for (size_t i = 0; i < n; ++i) {
    scale[i] /= std::sqrt(variance[i] + convolution.eps);
    bias[i] -= mean[i] * scale[i];
  }
  const auto kernels =
      TRY(source.checkpoint.tensor(convolution.name + ".weight", {n, channels, height, width}));
  return FoldedConvolution{MatrixRows(kernels, source.kernels), std::move(scale), std::move(bias)};
}

}  // namespace

Result<Weights> load_unfolded(const WeightSource& source, const NormedConvolution& convolution) {
  const size_t channels = convolution.shape[1], area = convolution.shape[2] * convolution.shape[3];
  const size_t k = channels * area;
  return weights_from(source, convolution.name, convolution.shape[0], k, [&]() -> Result<Unpacked> {
    FoldedConvolution folded = TRY(fold(source, convolution));
    std::vector<float> bias = std::move(folded.bias);
    const auto row = [=](size_t r, std::span<float> out) {
      std::vector<float> by_channel(k);
      folded.read(r, by_channel);
      for (size_t c = 0; c < channels; ++c)
        for (size_t place = 0; place < area; ++place)
          out[place * channels + c] = by_channel[c * area + place];
    };
    return Unpacked{row, std::move(bias)};
  });
}

Result<Weights> load_winograd(const WeightSource& source, const NormedConvolution& convolution) {
  const size_t n = convolution.shape[0], channels = convolution.shape[1];
  const size_t padded = ops::padded_outputs(source.kernels, n), rows = ops::kWinogradPositions * padded;
  WeightSource exact = source.exactly();
  return weights_from(exact, convolution.name + "#winograd", rows, channels, [&]() -> Result<Unpacked> {
    const FoldedConvolution folded = TRY(fold(source, convolution));
    std::vector<float> bias(rows);
    std::copy(folded.bias.begin(), folded.bias.end(),
              bias.begin() + static_cast<std::ptrdiff_t>(ops::kWinogradBias * padded));
    const auto row = [=](size_t r, std::span<float> out) {
      std::fill(out.begin(), out.end(), 0.0f);
      if (r % padded >= n) return;
      std::vector<float> kernels(9 * channels);
      folded.read(r % padded, kernels);
      for (size_t c = 0; c < channels; ++c)
        out[c] = ops::winograd_weight(std::span<const float, 9>(&kernels[9 * c], 9), r / padded);
    };
    return Unpacked{row, std::move(bias)};
  });
}

}  // namespace elanus::clip
