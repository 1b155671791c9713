#include "clip/resnet_tower.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "ops/winograd.h"

namespace elanus::clip {
namespace {

ops::Map map_in(float* memory, size_t side, size_t channels) {
  return {memory, side, channels, ops::row_stride(channels)};
}

Rows rows_of(const ops::Map& map, size_t first = 0) { return {map.pixel(first), map.stride}; }

// Convolution and ReLU over any neighbourhoods: unfold(pixel, row) lays one out.
template <class Unfold>
void convolve(const Crew& crew, const ops::Kernels& kernels, const Weights& weights, const ops::Map& to,
              const Unfold& unfold) {
  const size_t pixels = to.side * to.side;
  const Rows unfolded{crew.activations().patches.data, ops::row_stride(inputs(weights))};
  for (size_t first = 0; first < pixels; first += kUnfoldedPixels) {
    const size_t count = std::min(kUnfoldedPixels, pixels - first);
    for_rows(crew, count, [&](size_t i, float*) { unfold(first + i, unfolded.row(i)); });
    linear(crew, kernels, weights, unfolded, count, rows_of(to, first), ops::Epilogue::relu);
  }
}

ops::Map average(const Crew& crew, const ops::Map& from, float* memory) {
  const ops::Map to = map_in(memory, from.side / 2, from.channels);
  for_rows(crew, to.side * to.side, [&](size_t i, float*) { ops::average2x2(from, i, to.pixel(i)); });
  return to;
}

}  // namespace

// The 3 x 3 neighbourhood of pixel 2 i of the picture: nn.Conv2d(3, width // 2, kernel_size=3, stride=2,
// padding=1)
void ResNetTower::unfold_pixels(const uint8_t* rgb, size_t i, float* row) const {
  const size_t side = config_.image_size, y = i / (side / 2) * 2, x = i % (side / 2) * 2;
  for (size_t dy = 0; dy < 3; ++dy)
    for (size_t dx = 0; dx < 3; ++dx)
      for (size_t c = 0; c < 3; ++c) {
        const bool inside = y + dy > 0 && x + dx > 0 && y + dy <= side && x + dx <= side;
        *row++ = inside ? pixel_[c][rgb[((y + dy - 1) * side + x + dx - 1) * 3 + c]] : 0.0f;
      }
}

// relu(bn(conv(from))), stride 1, padding 1
void ResNetTower::convolve3x3(const Crew& crew, const Convolution& convolution, const ops::Map& from,
                              const ops::Map& to) const {
  if (!convolution.winograd) {
    convolve(crew, *kernels_, convolution.weights, to,
             [&](size_t i, float* row) { ops::unfold3x3(from, i, row); });
    return;
  }
  const ops::PackedView& weights = std::get<ops::PackedMatrix>(convolution.weights).view();
  const size_t blocks = ops::winograd_blocks(to.side);
  const size_t most = ops::winograd_blocks_at_once(*kernels_, from.channels, to.channels);
  // As many for each of the crew.
  const size_t rounds = (blocks + most * crew.size() - 1) / (most * crew.size());
  const size_t parts = std::min(blocks, rounds * crew.size());
  crew.run(parts, [&](size_t i, float* scratch) {
    ops::winograd3x3(*kernels_, weights, from, to, blocks * i / parts, blocks * (i + 1) / parts, scratch);
  });
}

ops::Map ResNetTower::stem(const Crew& crew, const uint8_t* rgb) const {
  const auto& maps = crew.activations().maps;
  const size_t side = config_.image_size / 2;
  // x = relu(bn1(conv1(x))); x = relu(bn2(conv2(x))); x = relu(bn3(conv3(x)))
  const ops::Map first = map_in(maps[0], side, stem_[0].channels);
  convolve(crew, *kernels_, stem_[0].weights, first,
           [&](size_t i, float* row) { unfold_pixels(rgb, i, row); });
  const ops::Map second = map_in(maps[1], side, stem_[1].channels);
  convolve3x3(crew, stem_[1], first, second);
  const ops::Map third = map_in(maps[0], side, stem_[2].channels);
  convolve3x3(crew, stem_[2], second, third);
  // x = avgpool(x)
  return average(crew, third, maps[1]);
}

// Bottleneck.forward
ops::Map ResNetTower::bottleneck(const Crew& crew, const Bottleneck& block, const ops::Map& x) const {
  // The other maps, in the order in which they become free.
  std::array<float*, 3> free{};
  std::copy_if(crew.activations().maps.begin(), crew.activations().maps.end(), free.begin(),
               [&](const float* memory) { return memory != x.data; });
  // out = relu(bn1(conv1(x))); out = relu(bn2(conv2(out)))
  const ops::Map narrow = map_in(free[0], x.side, block.conv1.channels);
  linear(crew, *kernels_, block.conv1.weights, rows_of(x), x.side * x.side, rows_of(narrow),
         ops::Epilogue::relu);
  ops::Map out = map_in(free[1], x.side, block.conv2.channels);
  convolve3x3(crew, block.conv2, narrow, out);
  // out = avgpool(out); identity = downsample(x)
  if (block.halve) out = average(crew, out, free[0]);
  const size_t pixels = out.side * out.side;
  ops::Map sum = x;
  if (block.downsample) {
    const ops::Map shortcut = block.halve ? average(crew, x, free[1]) : x;
    sum = map_in(free[2], out.side, block.downsample->channels);
    linear(crew, *kernels_, block.downsample->weights, rows_of(shortcut), pixels, rows_of(sum));
  }
  // out = relu(bn3(conv3(out)) + identity)
  linear(crew, *kernels_, block.conv3.weights, rows_of(out), pixels, rows_of(sum), ops::Epilogue::add_relu);
  return sum;
}

// AttentionPool2d.forward, of which only the first row is kept.
void ResNetTower::pool(const Crew& crew, const ops::Map& x, float* out) const {
  std::array<float*, 3> free{};
  std::copy_if(crew.activations().maps.begin(), crew.activations().maps.end(), free.begin(),
               [&](const float* memory) { return memory != x.data; });
  const size_t features = x.channels, pixels = x.side * x.side, tokens = pixels + 1, heads = config_.heads;
  // x = cat([x.mean(dim=0), x]) + positional_embedding
  const Rows tokens_in{free[0], ops::row_stride(features)};
  float* mean = tokens_in.row(0);
  std::fill_n(mean, features, 0.0f);
  for (size_t i = 0; i < pixels; ++i)
    for (size_t d = 0; d < features; ++d) mean[d] += x.pixel(i)[d];
  for (size_t d = 0; d < features; ++d) mean[d] = mean[d] / static_cast<float>(pixels) + positions_[d];
  for (size_t i = 0; i < pixels; ++i)
    for (size_t d = 0; d < features; ++d)
      tokens_in.row(i + 1)[d] = x.pixel(i)[d] + positions_[(i + 1) * features + d];
  // q = q_proj(x[:1]); k, v = k_proj(x), v_proj(x); x = c_proj(softmax(q k^T / sqrt(head_dim)) v)
  const Rows kv{free[1], ops::row_stride(2 * features)}, q{free[2], ops::row_stride(features)};
  linear(crew, *kernels_, query_, tokens_in, 1, q);
  linear(crew, *kernels_, key_and_value_, tokens_in, tokens, kv);
  const size_t head_dim = features / heads;
  crew.run(heads, [&](size_t head, float* scratch) {
    const float* k = kv.data + head * head_dim;
    kernels_->attention({.q = q.data + head * head_dim,
                         .k = k,
                         .v = k + features,
                         .ldq = q.stride,
                         .ldkv = kv.stride,
                         .queries = 1,
                         .keys = tokens,
                         .head_dim = head_dim,
                         .first = 0,
                         .causal = false,
                         .scale = 1.0f / std::sqrt(static_cast<float>(head_dim)),
                         .out = q.row(1) + head * head_dim,
                         .ldo = q.stride},
                        scratch);
  });
  linear(crew, *kernels_, projection_, {q.row(1), q.stride}, 1, {out, dim_});
  kernels_->normalize(out, dim_);
}

void ResNetTower::embed(const Crew& crew, std::span<const PreparedImage> pictures, float* out) const {
  for (const PreparedImage& picture : pictures) {
    ops::Map x = stem(crew, picture.rgb.data());
    for (const Bottleneck& block : blocks_) x = bottleneck(crew, block, x);
    pool(crew, x, out);
    out += dim_;
  }
}

}  // namespace elanus::clip
