// The image half of CLIP as a convolutional network: ModifiedResNet (RN50, RN101, RN50x4, ...). A stem of
// three convolutions, anti-aliased strides (an average before each), attention pooling. Reference: OpenAI's
// CLIP, model.py, and open_clip, modified_resnet.py.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "clip/config.h"
#include "clip/preprocess.h"
#include "clip/transformer.h"
#include "ops/convolution.h"

namespace elanus::clip {

// Pixels whose neighbourhoods are laid out at once: few enough to stay in cache.
inline constexpr size_t kUnfoldedPixels = 448;

// Thread-safety: const after load; calls need workspaces of their own.
class ResNetTower {
 public:
  // Batch norms are folded into the convolutions before them.
  static Result<ResNetTower> load(const WeightSource& source, const ModelConfig& config,
                                  const PixelScale& pixels);

  Result<Workspace> allocate(unsigned workers) const;

  // pictures[i], image_size x image_size x 3 bytes (RGB, row-major), to out[i][projection_dim], length 1.
  void embed(const Crew& crew, std::span<const PreparedImage> pictures, float* out) const;

 private:
  struct Convolution {
    Weights weights;
    size_t channels = 0;    // of the result
    bool winograd = false;  // a 3 x 3 one in floats, as ops::winograd3x3 takes it
  };
  // conv1 1 x 1, conv2 3 x 3, average by `halve`, conv3 1 x 1; the shortcut is the input, averaged alike and
  // through `downsample` where there is one.
  struct Bottleneck {
    Convolution conv1, conv2, conv3;
    std::optional<Convolution> downsample;
    bool halve = false;
  };

  static Result<Convolution> load_convolution(const WeightSource& source, const std::string& name,
                                              const std::string& norm, std::array<size_t, 4> shape);
  static Result<Convolution> load_convolution3x3(const WeightSource& source, const std::string& name,
                                                 const std::string& norm, size_t n, size_t channels);
  Result<void> load_blocks(const WeightSource& source);
  ops::Map stem(const Crew& crew, const uint8_t* rgb) const;
  void convolve3x3(const Crew& crew, const Convolution& convolution, const ops::Map& from,
                   const ops::Map& to) const;
  ops::Map bottleneck(const Crew& crew, const Bottleneck& block, const ops::Map& x) const;
  void pool(const Crew& crew, const ops::Map& x, float* out) const;
  void unfold_pixels(const uint8_t* rgb, size_t i, float* row) const;

  const ops::Kernels* kernels_ = nullptr;
  VisionConfig config_;
  size_t dim_ = 0;
  PixelTable pixel_{};
  std::array<Convolution, 3> stem_;
  std::vector<Bottleneck> blocks_;
  std::vector<float> positions_;  // [grid^2 + 1, width * 32]
  Weights query_, key_and_value_, projection_;
};

}  // namespace elanus::clip
