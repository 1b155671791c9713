// Convolutions of 3 x 3 with 2.25 times fewer multiplications: F(2 x 2, 3 x 3) of Lavin and Gray, "Fast
// Algorithms for Convolutional Neural Networks" (2016), section 4.1. Y = A^T [sum over channels of (G g G^T)
// * (B^T d B)] A, where d is a block of 4 x 4 pixels, g a kernel and Y the block of 2 x 2 pixels in the
// middle of the convolution; each of the 16 positions is a matrix product of its own. All factors are 0, 1,
// -1 and, in G, 1/2, so little is lost (the test has the bound).
#pragma once
#include <cstddef>
#include <span>

#include "ops/convolution.h"
#include "ops/kernels.h"

namespace elanus::ops {

inline constexpr size_t kWinogradPositions = 16;
// The position whose product counts once in each of the four pixels: a bias is added there.
inline constexpr size_t kWinogradBias = 5;

// Value `position` of G g G^T; `kernel` is [3][3].
float winograd_weight(std::span<const float, 9> kernel, size_t position);

// Weights of n outputs are a packed matrix of 16 * padded_outputs(n) rows of as many values as there are
// channels, rows [position][output], zeros beyond n; its bias is that of the outputs in the rows of
// kWinogradBias, else zero.
inline size_t padded_outputs(const Kernels& kernels, size_t n) {
  return panel_count(kernels, n) * kernels.panel_width;
}

// Blocks of 2 x 2 pixels of a map, the last of a row or column cut where the side is odd.
inline size_t winograd_blocks(size_t side) { return (side + 1) / 2 * ((side + 1) / 2); }
// How many blocks are best taken at once: their 16 products stay in cache.
size_t winograd_blocks_at_once(const Kernels& kernels, size_t channels, size_t n);
// Floats of scratch for so many blocks at once.
size_t winograd_scratch(const Kernels& kernels, size_t channels, size_t n, size_t blocks);

// Blocks [begin, end) of `to` = relu(convolution of `from` + bias), stride 1, zeros beyond the edges. `from`
// and `to` are of one side and do not overlap. Thread-safe on disjoint blocks.
void winograd3x3(const Kernels& kernels, const PackedView& weights, const Map& from, const Map& to,
                 size_t begin, size_t end, float* scratch);

}  // namespace elanus::ops
