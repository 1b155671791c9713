// Winograd's convolution at every level that this machine has, against the plain one.
#include "ops/winograd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ops/packed_matrix.h"
#include "ops/test_values.h"

namespace elanus::ops {
namespace {

constexpr float kNotWritten = 12345.0f;

class WinogradTest : public testing::TestWithParam<CpuLevel> {
 protected:
  void SetUp() override {
    if (!supports(GetParam())) GTEST_SKIP() << "this CPU has no " << to_string(GetParam());
  }
  const Kernels& k() const { return kernels(GetParam()); }

  // weights: [n][channels][9]
  PackedMatrix pack(const std::vector<float>& weights, const std::vector<float>& bias, size_t channels) {
    const size_t n = bias.size(), padded = padded_outputs(k(), n);
    std::vector<float> biases(kWinogradPositions * padded);
    std::copy(bias.begin(), bias.end(), &biases[kWinogradBias * padded]);
    const auto rows = [&](size_t row, std::span<float> out) {
      std::fill(out.begin(), out.end(), 0.0f);
      for (size_t c = 0; c < channels && row % padded < n; ++c)
        out[c] = winograd_weight(std::span<const float, 9>(&weights[(row % padded * channels + c) * 9], 9),
                                 row / padded);
    };
    return PackedMatrix::pack(k(), pool_, biases.size(), channels, rows, biases).value();
  }

  // Y = A^T [sum of U * V] A in floats: each of the four steps of an input (two sums of two values) and of
  // the six of an output, the three of a weight and each of the k products with its sum loses at most 2^-24
  // of what it adds up, so together (k + 13) * 2^-24 of |A^T| (sum of |G| |g| |G^T| * |B^T| |d| |B|) |A|. The
  // factors of |A|, |B| and |G| add up to at most 3, 2 and 3/2 a line; f16 adds 2^-11 of each weight.
  void check(size_t side, size_t channels, size_t n) {
    SCOPED_TRACE(testing::Message() << side << "^2 x " << channels << " to " << n);
    const auto seed = static_cast<unsigned>(side * 31 + channels * 17 + n);
    auto pixels = random_values(side * side * (channels + 2), seed);
    const auto weights = random_values(n * channels * 9, seed + 1, 0.2f), bias = random_values(n, seed + 2);
    const PackedMatrix packed = pack(weights, bias, channels);
    const Map from{pixels.data(), side, channels, channels + 2};
    std::vector<float> results(side * side * (n + 3), kNotWritten);
    const Map to{results.data(), side, n, n + 3};
    const size_t blocks = winograd_blocks(side), half = blocks / 2;
    std::vector<float> scratch(winograd_scratch(k(), channels, n, blocks), std::nanf(""));
    winograd3x3(k(), packed.view(), from, to, half, blocks, scratch.data());
    winograd3x3(k(), packed.view(), from, to, 0, half, scratch.data());

    std::vector<float> around(9 * channels);
    for (size_t i = 0; i < side * side; ++i) {
      unfold3x3(from, i, around.data());
      for (size_t o = 0; o < n; ++o) {
        double sum = bias[o];
        for (size_t place = 0; place < 9; ++place)
          for (size_t c = 0; c < channels; ++c)
            sum +=
                static_cast<double>(around[place * channels + c]) * weights[(o * channels + c) * 9 + place];
        EXPECT_NEAR(to.pixel(i)[o], std::max(0.0, sum), bound(from, weights, bias, i, o, packed.view().f16));
      }
      for (size_t o = n; o < to.stride; ++o)
        ASSERT_EQ(to.pixel(i)[o], kNotWritten) << "written beyond the channels";
    }
  }

  static double bound(const Map& from, const std::vector<float>& weights, const std::vector<float>& bias,
                      size_t i, size_t o, bool f16) {
    const size_t y = i / from.side / 2 * 2, x = i % from.side / 2 * 2;
    double products = 0;
    for (size_t c = 0; c < from.channels; ++c) {
      double largest_pixel = 0, largest_weight = 0;
      for (size_t p = 0; p < kWinogradPositions; ++p) {
        const size_t row = y + p / 4, column = x + p % 4;
        if (row > 0 && column > 0 && row <= from.side && column <= from.side)
          largest_pixel =
              std::max(largest_pixel, double{std::abs(from.pixel((row - 1) * from.side + column - 1)[c])});
      }
      for (size_t place = 0; place < 9; ++place)
        largest_weight =
            std::max(largest_weight, double{std::abs(weights[(o * from.channels + c) * 9 + place])});
      products += 3 * 3 * (1.5 * 1.5 * largest_weight) * (2 * 2 * largest_pixel);
    }
    const double steps = static_cast<double>(from.channels) + 13;
    return (products + std::abs(bias[o])) * (steps * 0x1p-24 + (f16 ? 0x1p-11 : 0.0));
  }

  base::ThreadPool pool_{2};
};

TEST_P(WinogradTest, EqualsThePlainConvolution) {
  for (size_t side = 1; side <= 8; ++side) check(side, 5, 3);
  for (size_t channels = 1; channels <= 40; ++channels) check(4, channels, 7);
  for (size_t n = 1; n <= 70; n += 3) check(3, 16, n);
  check(14, 64, 64);
}

TEST_P(WinogradTest, HalvesCostWhatTheirRoundingDoes) { check(6, 140, 128); }

INSTANTIATE_TEST_SUITE_P(Levels, WinogradTest,
                         testing::Values(CpuLevel::portable, CpuLevel::neon, CpuLevel::avx2,
                                         CpuLevel::avx512),
                         [](const auto& test) { return to_string(test.param); });

TEST(WinogradWeights, AreTheTransformOfTheKernel) {
  // G g G^T of a kernel that is 1 everywhere: lines of G add up to 1, 3/2, 1/2 and 1.
  constexpr std::array<float, 9> kOnes{1, 1, 1, 1, 1, 1, 1, 1, 1};
  constexpr float kLine[] = {1, 1.5f, 0.5f, 1};
  for (size_t p = 0; p < kWinogradPositions; ++p)
    EXPECT_EQ(winograd_weight(kOnes, p), kLine[p / 4] * kLine[p % 4]);
}

}  // namespace
}  // namespace elanus::ops
