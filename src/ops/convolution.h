// What a convolution is around its matrix product. Maps are [height][width][channels]; a pixel is a row of
// channels, rows `stride` floats apart. Copies and sums of whole rows: memory is the limit, so there is one
// version for all CPUs.
#pragma once
#include <cstddef>

namespace elanus::ops {

struct Map {
  float* data;
  size_t side;      // height and width
  size_t channels;  // of a row
  size_t stride;    // floats from one pixel to the next, at least `channels`
  float* pixel(size_t i) const { return data + i * stride; }
};

// The 3 x 3 neighbourhood of pixel `i` of a map, zero beyond its edges: 9 * channels floats,
// [y][x][channels].
void unfold3x3(const Map& map, size_t i, float* out);

// The mean of the 2 x 2 block of `from` that is pixel `i` of a map of half its side (rounded down).
void average2x2(const Map& from, size_t i, float* out);

}  // namespace elanus::ops
