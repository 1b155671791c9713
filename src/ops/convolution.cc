#include "ops/convolution.h"

#include <algorithm>
#include <cstring>

namespace elanus::ops {

void unfold3x3(const Map& map, size_t i, float* out) {
  const size_t y = i / map.side, x = i % map.side;
  for (size_t dy = 0; dy < 3; ++dy)
    for (size_t dx = 0; dx < 3; ++dx, out += map.channels) {
      // One more than the neighbour's place, so that there are no negative numbers.
      const size_t row = y + dy, column = x + dx;
      if (row == 0 || column == 0 || row > map.side || column > map.side)
        std::fill_n(out, map.channels, 0.0f);
      else
        std::memcpy(out, map.pixel((row - 1) * map.side + column - 1), map.channels * sizeof(float));
    }
}

void average2x2(const Map& from, size_t i, float* out) {
  const size_t half = from.side / 2, corner = i / half * 2 * from.side + i % half * 2;
  const float *a = from.pixel(corner), *b = from.pixel(corner + 1);
  const float *c = from.pixel(corner + from.side), *d = from.pixel(corner + from.side + 1);
  for (size_t j = 0; j < from.channels; ++j) out[j] = ((a[j] + b[j]) + (c[j] + d[j])) * 0.25f;
}

}  // namespace elanus::ops
