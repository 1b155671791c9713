#include "index/rotation.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numeric>
#include <random>

namespace elanus::index {
namespace {

std::vector<float> random_vector(uint32_t dim, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> vector(dim);
  for (float& value : vector) value = normal(random);
  return vector;
}

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

constexpr uint32_t kDims[] = {4, 5, 7, 100, 128, 200, 255, 256, 512, 513, 640, 768, 1000, 1023, 1024, 1152};

TEST(Rotation, KeepsLengthsAndAngles) {
  for (const uint32_t dim : kDims) {
    const Rotation rotation(dim);
    auto a = random_vector(dim, 1), b = random_vector(dim, 2);
    const double aa = dot(a, a), ab = dot(a, b), bb = dot(b, b);
    rotation.apply(a);
    rotation.apply(b);
    // Each value goes through a few dozen additions; their rounding is relative to the lengths.
    const double tolerance = 64 * 0x1p-24 * std::sqrt(aa * bb) + 64 * 0x1p-24 * aa;
    EXPECT_NEAR(dot(a, a), aa, tolerance) << dim;
    EXPECT_NEAR(dot(a, b), ab, tolerance) << dim;
  }
}

// What codes need: whatever direction goes in, no value is far above the others, and the mean magnitude is
// that of a normal distribution, sqrt(2 / pi) of the deviation.
TEST(Rotation, SpreadsEveryDirection) {
  for (const uint32_t dim : kDims) {
    if (dim < 128) continue;
    const Rotation rotation(dim);
    for (uint32_t axis = 0; axis < dim; axis += dim / 16) {
      for (const uint32_t width : {1u, 2u, dim / 4}) {
        std::vector<float> x(dim);
        for (uint32_t i = 0; i < width; ++i) x[(axis + i) % dim] = 1 / std::sqrt(static_cast<float>(width));
        rotation.apply(x);
        double magnitude = 0, largest = 0;
        for (const float value : x) {
          magnitude += std::fabs(value);
          largest = std::max<double>(largest, std::fabs(value));
        }
        const double deviation = 1 / std::sqrt(static_cast<double>(dim));
        EXPECT_LT(largest, 9 * deviation) << dim << " axis " << axis << " width " << width;
        EXPECT_NEAR(magnitude / dim / deviation, std::sqrt(2 / M_PI), 0.12)
            << dim << " axis " << axis << " width " << width;
      }
    }
  }
}

// Codes on disk were made with it: another rotation needs another version of library.idx.
TEST(Rotation, IsTheSameOnEveryMachine) {
  for (const auto& [dim, expected] : {std::pair{512u, 301.4926}, {768u, 414.1091}}) {
    std::vector<float> x(dim);
    x[3] = 1;
    Rotation(dim).apply(x);
    double sum = 0;
    for (size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(i + 1) * x[i];
    EXPECT_NEAR(sum, expected, 1e-2) << dim;
  }
}

}  // namespace
}  // namespace elanus::index
