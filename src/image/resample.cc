#include "image/resample.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/checked.h"

namespace elanus::image {
namespace {

double box(double x) { return x > -0.5 && x <= 0.5 ? 1.0 : 0.0; }

double triangle(double x) {
  x = std::abs(x);
  return x < 1.0 ? 1.0 - x : 0.0;
}

double hamming(double x) {
  x = std::abs(x);
  if (x == 0.0) return 1.0;
  if (x >= 1.0) return 0.0;
  x *= std::numbers::pi;
  return std::sin(x) / x * (0.54 + 0.46 * std::cos(x));
}

double cubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

double sinc(double x) {
  if (x == 0.0) return 1.0;
  x *= std::numbers::pi;
  return std::sin(x) / x;
}

double lanczos(double x) { return x >= -3.0 && x < 3.0 ? sinc(x) * sinc(x / 3) : 0.0; }

struct Kernel {
  double (*at)(double x);
  double support;  // 0 outside [-support, support]
};

Kernel kernel_of(Filter filter) {
  switch (filter) {
    case Filter::nearest:
    case Filter::box:
      return {box, 0.5};
    case Filter::bilinear:
      return {triangle, 1.0};
    case Filter::hamming:
      return {hamming, 1.0};
    case Filter::bicubic:
      return {cubic, 2.0};
    case Filter::lanczos:
      return {lanczos, 3.0};
  }
  return {cubic, 2.0};
}

std::vector<int16_t> split(const std::vector<int32_t>& weight) {
  std::vector<int16_t> halves(weight.size() * 2);
  for (size_t i = 0; i < weight.size(); ++i) {
    const size_t group = i / 4 * 8, place = i % 4;
    halves[group + place] = static_cast<int16_t>(weight[i] >> split_bits);
    halves[group + 4 + place] = static_cast<int16_t>(weight[i] & ((1 << split_bits) - 1));
  }
  return halves;
}

}  // namespace

Result<Weights> make_weights(int64_t in, int64_t out, int64_t from, int64_t count, Filter filter) {
  const Kernel kernel = kernel_of(filter);
  const double scale = static_cast<double>(in) / static_cast<double>(out);
  const double filter_scale = std::max(scale, 1.0), support = kernel.support * filter_scale;
  // No output has more taps than there are inputs.
  const auto most_taps = static_cast<size_t>(std::min(std::ceil(support) * 2 + 1, static_cast<double>(in)));
  const size_t stride = (most_taps + 3) / 4 * 4;
  constexpr size_t max_bytes = size_t{256} << 20;
  const auto bytes = base::checked_mul(static_cast<size_t>(count), stride, 2 * sizeof(int32_t));
  if (!bytes || *bytes > max_bytes)
    return Error{ErrorKind::too_large, "resizing " + std::to_string(in) + " to " + std::to_string(out) +
                                           " pixels needs more than 256 MiB of weights"};
  Weights weights;
  weights.count = static_cast<size_t>(count);
  weights.stride = stride;
  weights.weight.assign(weights.count * stride, 0);
  std::vector<double> exact(stride);
  for (int64_t i = 0; i < count; ++i) {
    const double center = (static_cast<double>(from + i) + 0.5) * scale, ss = 1.0 / filter_scale;
    const int64_t first = std::max<int64_t>(0, static_cast<int64_t>(center - support + 0.5));
    const int64_t last = std::min(in, static_cast<int64_t>(center + support + 0.5));
    const auto taps = static_cast<size_t>(last - first);
    double sum = 0.0;
    for (size_t t = 0; t < taps; ++t)
      sum += exact[t] = kernel.at((static_cast<double>(static_cast<int64_t>(t) + first) - center + 0.5) * ss);
    int32_t* weight = &weights.weight[static_cast<size_t>(i) * stride];
    for (size_t t = 0; t < taps; ++t) {
      const double fixed = (sum != 0.0 ? exact[t] / sum : exact[t]) * (1 << weight_bits);
      weight[t] = static_cast<int32_t>(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
    }
    weights.first.push_back(first);
    weights.taps.push_back(static_cast<int32_t>(taps));
  }
  weights.split = split(weights.weight);
  return weights;
}

void horizontal_scalar(const Horizontal& pass) {
  for (size_t y = 0; y < pass.rows; ++y) {
    const uint8_t* row = pass.from + y * pass.from_step;
    uint8_t* to = pass.to + y * pass.to_step;
    for (size_t i = 0; i < pass.outputs; ++i, to += 3) {
      const int32_t* weight = pass.weight + i * pass.stride;
      const uint8_t* pixel = row + pass.first[i] * 3;
      int32_t r = rounding, g = rounding, b = rounding;
      for (int32_t t = 0; t < pass.taps[i]; ++t, pixel += 3) {
        r += pixel[0] * weight[t];
        g += pixel[1] * weight[t];
        b += pixel[2] * weight[t];
      }
      to[0] = level(r), to[1] = level(g), to[2] = level(b);
    }
  }
}

void vertical_scalar(const uint8_t* from, size_t step, const int32_t* weight, size_t taps, size_t bytes,
                     uint8_t* to) {
  for (size_t x = 0; x < bytes; ++x) {
    int32_t sum = rounding;
    for (size_t t = 0; t < taps; ++t) sum += from[t * step + x] * weight[t];
    to[x] = level(sum);
  }
}

}  // namespace elanus::image
