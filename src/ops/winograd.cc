#include "ops/winograd.h"

#include <algorithm>

namespace elanus::ops {
namespace {

// Of a row of 3 weights, one of the four values of G g.
float line_weight(float a, float b, float c, size_t position) {
  switch (position) {
    case 0:
      return a;
    case 1:
      return (a + b + c) * 0.5f;
    case 2:
      return (a - b + c) * 0.5f;
    default:
      return c;
  }
}

// Enough rows for two of the widest tiles, and more while inputs and products fit a cache of 512 KiB.
constexpr size_t kLeastBlocks = 28, kMostBlocks = 112;
constexpr size_t kCachedFloats = size_t{512} << 8;

}  // namespace

float winograd_weight(std::span<const float, 9> kernel, size_t position) {
  float lines[3];
  for (size_t y = 0; y < 3; ++y)
    lines[y] = line_weight(kernel[3 * y], kernel[3 * y + 1], kernel[3 * y + 2], position % 4);
  return line_weight(lines[0], lines[1], lines[2], position / 4);
}

size_t winograd_blocks_at_once(const Kernels& kernels, size_t channels, size_t n) {
  const size_t floats = kWinogradPositions * (row_stride(channels) + padded_outputs(kernels, n));
  return std::clamp(kCachedFloats / floats, kLeastBlocks, kMostBlocks);
}

size_t winograd_scratch(const Kernels& kernels, size_t channels, size_t n, size_t blocks) {
  const size_t in = row_stride(channels), out = row_stride(kWinogradPositions * padded_outputs(kernels, n));
  return in + blocks * (kWinogradPositions * in + out) + kernels.matmul_scratch;
}

void winograd3x3(const Kernels& kernels, const PackedView& weights, const Map& from, const Map& to,
                 size_t begin, size_t end, float* scratch) {
  const size_t count = end - begin, across = (to.side + 1) / 2, channels = from.channels;
  const size_t padded = padded_outputs(kernels, to.channels), panels = panel_count(kernels, to.channels);
  const size_t in_stride = row_stride(channels), out_stride = row_stride(kWinogradPositions * padded);
  float* const beyond = scratch;                                   // a pixel of zeros
  float* const in = beyond + in_stride;                            // [position][block][channels]
  float* const out = in + kWinogradPositions * count * in_stride;  // [block][position][padded]
  float* const rest = out + count * out_stride;
  std::fill_n(beyond, channels, 0.0f);
  for (size_t i = 0; i < count; ++i) {
    const size_t y = (begin + i) / across * 2, x = (begin + i) % across * 2;
    const float* pixels[kWinogradPositions];
    for (size_t p = 0; p < kWinogradPositions; ++p) {
      // One more than the pixel's place, so that there are no negative numbers.
      const size_t row = y + p / 4, column = x + p % 4;
      const bool inside = row > 0 && column > 0 && row <= from.side && column <= from.side;
      pixels[p] = inside ? from.pixel((row - 1) * from.side + column - 1) : beyond;
    }
    kernels.winograd_input(pixels, channels, in + i * in_stride, count * in_stride);
  }
  for (size_t p = 0; p < kWinogradPositions; ++p)
    kernels.matmul({in + p * count * in_stride, in_stride, count, weights, out, out_stride, Epilogue::none},
                   p * panels, (p + 1) * panels, rest);
  for (size_t i = 0; i < count; ++i) {
    const size_t y = (begin + i) / across * 2, x = (begin + i) % across * 2;
    float* pixels[4];
    for (size_t p = 0; p < 4; ++p) {
      const size_t row = y + p / 2, column = x + p % 2;
      pixels[p] = row < to.side && column < to.side ? to.pixel(row * to.side + column) : nullptr;
    }
    kernels.winograd_output(out + i * out_stride, padded, to.channels, pixels);
  }
}

}  // namespace elanus::ops
