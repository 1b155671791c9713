// Every kernel of every level that this machine has, against the slow reference.
#include "ops/kernels.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "base/f16.h"
#include "ops/reference.h"
#include "ops/test_values.h"

namespace elanus::ops {
namespace {

std::vector<uint16_t> random_halves(size_t n, unsigned seed) {
  std::vector<uint16_t> halves;
  for (const float value : random_values(n, seed)) halves.push_back(base::f32_to_f16(value));
  return halves;
}

class KernelsTest : public testing::TestWithParam<CpuLevel> {
 protected:
  void SetUp() override {
    if (!supports(GetParam())) GTEST_SKIP() << "this CPU has no " << to_string(GetParam());
  }
  const Kernels& k() const { return kernels(GetParam()); }
};

TEST_P(KernelsTest, TheTableIsTheOneAskedFor) { EXPECT_EQ(k().level, GetParam()); }

TEST_P(KernelsTest, F16ToF32IsExactForEveryHalf) {
  std::vector<uint16_t> halves(65536);
  for (size_t i = 0; i < halves.size(); ++i) halves[i] = static_cast<uint16_t>(i);
  std::vector<float> out(halves.size());
  k().f16_to_f32(halves.data(), out.data(), out.size());
  for (size_t i = 0; i < halves.size(); ++i) {
    const float expected = base::f16_to_f32(halves[i]);
    if (std::isnan(expected))
      EXPECT_TRUE(std::isnan(out[i])) << i;
    else
      ASSERT_EQ(std::bit_cast<uint32_t>(out[i]), std::bit_cast<uint32_t>(expected)) << i;
  }
}

TEST_P(KernelsTest, F32ToF16RoundsToNearestEven) {
  std::vector<float> values = random_values(5000, 1);
  for (int exponent = -30; exponent <= 20; ++exponent)  // subnormal halves, ties, overflow
    for (const float step :
         {1.0f, 1.0f + 0x1p-11f, 1.0f + 0x1p-11f + 0x1p-23f, 1.0f + 3 * 0x1p-11f, 2.0f - 0x1p-12f})
      for (const float sign : {1.0f, -1.0f}) values.push_back(sign * std::ldexp(step, exponent));
  for (const float special :
       {0.0f, -0.0f, 65504.0f, 65519.9f, 65520.0f, std::numeric_limits<float>::infinity()})
    values.push_back(special);
  std::vector<uint16_t> out(values.size());
  k().f32_to_f16(values.data(), out.data(), out.size());
  for (size_t i = 0; i < values.size(); ++i) ASSERT_EQ(out[i], base::f32_to_f16(values[i])) << values[i];
}

TEST_P(KernelsTest, ConversionsTouchNothingBeyondTheEnd) {
  for (size_t n = 0; n <= 40; ++n) {
    const auto halves = random_halves(n, 2);
    std::vector<float> floats(n + 1, 42.0f);
    k().f16_to_f32(halves.data(), floats.data(), n);
    EXPECT_EQ(floats[n], 42.0f);
    std::vector<uint16_t> back(n + 1, 42);
    k().f32_to_f16(floats.data(), back.data(), n);
    EXPECT_EQ(back[n], 42);
    back.pop_back();
    EXPECT_EQ(back, halves);
  }
}

// Rounding of a sum of n products: at most n epsilon times the sum of their magnitudes (Higham, section 3.1).
TEST_P(KernelsTest, DotProducts) {
  for (size_t dim = 1; dim <= 70; ++dim) {
    constexpr size_t kRows = 11;
    const size_t stride = dim + dim % 3;
    const auto rows = random_halves(kRows * stride, static_cast<unsigned>(dim));
    const auto query = random_values(dim, 100 + static_cast<unsigned>(dim));
    std::vector<float> out(kRows + 1, 42.0f);
    k().dot_f16_rows(rows.data(), stride, kRows, query.data(), dim, out.data());
    EXPECT_EQ(out[kRows], 42.0f);
    for (size_t i = 0; i < kRows; ++i) {
      const std::span row(&rows[i * stride], dim);
      double magnitude = 0;
      for (size_t d = 0; d < dim; ++d)
        magnitude += std::abs(static_cast<double>(base::f16_to_f32(row[d])) * query[d]);
      EXPECT_NEAR(out[i], reference::dot_f16(row, query), static_cast<double>(dim) * kEpsilon * magnitude);
      EXPECT_EQ(out[i], k().dot_f16(row.data(), query.data(), dim)) << "a row alone scores otherwise";
    }
  }
}

TEST_P(KernelsTest, NumbersInARange) {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min(), kMost = std::numeric_limits<int64_t>::max();
  const std::vector<int64_t> edges = {kLeast, kLeast + 1, -7, -1, 0, 1, 7, kMost - 1, kMost};
  std::mt19937_64 random(5);
  for (const size_t n : {0u, 1u, 63u, 64u, 65u, 200u}) {
    std::vector<int64_t> numbers(n);
    for (int64_t& number : numbers)
      number = random() % 3 == 0 ? edges[random() % edges.size()] : static_cast<int64_t>(random() % 16) - 8;
    for (const int64_t low : edges)
      for (const int64_t high : edges)
        for (const bool outside : {false, true}) {
          if (high < low) continue;
          const NumberRange range{low, high, outside};
          std::vector<uint64_t> bits((n + 63) / 64 + 1, 42);
          k().in_range(numbers.data(), n, range, bits.data());
          EXPECT_EQ(bits.back(), 42u);
          for (size_t i = 0; i < (n + 63) / 64 * 64; ++i)
            ASSERT_EQ(bits[i / 64] >> i % 64 & 1, i < n && reference::in_range(numbers[i], range))
                << low << " " << high << " " << outside << " " << i;
        }
  }
}

TEST_P(KernelsTest, LayerNorm) {
  for (const size_t dim : {1u, 2u, 7u, 16u, 31u, 48u, 100u, 768u}) {
    const auto seed = static_cast<unsigned>(dim);
    auto x = random_values(dim, seed, 3.0f);
    for (float& value : x) value += 2.0f;
    const auto gamma = random_values(dim, seed + 1), beta = random_values(dim, seed + 2);
    const auto expected = reference::layer_norm(x, gamma, beta, 1e-5f);
    std::vector<float> y(dim + 1, 42.0f);
    k().layer_norm(x.data(), dim, gamma.data(), beta.data(), 1e-5f, y.data());
    EXPECT_EQ(y[dim], 42.0f);
    // x - mean loses up to a few epsilon of |x|; for one value, variance is 0 and that is divided by
    // sqrt(eps).
    const double gain = dim == 1 ? 320.0 : 1.0;
    for (size_t i = 0; i < dim; ++i)
      EXPECT_NEAR(y[i], expected[i], 32 * gain * kEpsilon * (1 + std::abs(gamma[i]) * 5)) << dim << " " << i;
    k().layer_norm(x.data(), dim, gamma.data(), beta.data(), 1e-5f, x.data());
    EXPECT_EQ(x, std::vector<float>(y.begin(), y.end() - 1));
  }
}

TEST_P(KernelsTest, Softmax) {
  for (size_t n = 1; n <= 60; ++n) {
    auto x = random_values(n, static_cast<unsigned>(n), 4.0f);
    if (n > 3) x[1] = -200.0f;
    const auto expected = reference::softmax(x);
    x.push_back(42.0f);
    k().softmax(x.data(), n);
    EXPECT_EQ(x[n], 42.0f);
    // exp is good to 2^-22, plus epsilon times its argument's rounding; what underflows is below 2^-120.
    for (size_t i = 0; i < n; ++i)
      EXPECT_NEAR(x[i], expected[i], 40 * kEpsilon * expected[i] + 0x1p-120) << n;
  }
}

TEST_P(KernelsTest, Activations) {
  std::vector<float> inputs = random_values(1003, 5, 3.0f);
  for (const float special : {0.0f, -0.0f, 1e-6f, -1e-6f, 12.0f, -12.0f, 60.0f, -60.0f, 1000.0f, -1000.0f})
    inputs.push_back(special);
  auto exact = inputs, quick = inputs, by_tanh = inputs;
  k().gelu_tanh(by_tanh.data(), by_tanh.size());
  k().gelu(exact.data(), exact.size());
  k().quick_gelu(quick.data(), quick.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    const double x = inputs[i];
    // erf is good to 1.5e-7 by its polynomial and a few epsilon by rounding; x / 2 scales that.
    EXPECT_NEAR(exact[i], reference::gelu(inputs[i]), std::abs(x) / 2 * (1.5e-7 + 4 * kEpsilon)) << x;
    // As below, with the argument 1.6 x (1 + 0.045 x^2), rounded three times.
    const double argument = 1.6 * std::abs(x) * (1 + 0.045 * x * x);
    EXPECT_NEAR(
        by_tanh[i], reference::gelu_tanh(inputs[i]),
        (8 + 4 * argument) * kEpsilon * std::abs(reference::gelu_tanh(inputs[i])) + std::abs(x) * 1e-37)
        << x;
    // exp(-1.702 x): its argument's rounding counts |x| times, clamping ends at e^-87.
    EXPECT_NEAR(
        quick[i], reference::quick_gelu(inputs[i]),
        (8 + 4 * std::abs(x)) * kEpsilon * std::abs(reference::quick_gelu(inputs[i])) + std::abs(x) * 1e-37)
        << x;
  }
}

TEST_P(KernelsTest, ActivationsTouchNothingBeyondTheEnd) {
  for (size_t n = 0; n <= 40; ++n) {
    std::vector<float> x(n + 1, 1.0f);
    k().gelu(x.data(), n);
    k().quick_gelu(x.data(), n);
    k().gelu_tanh(x.data(), n);
    EXPECT_EQ(x[n], 1.0f);
    EXPECT_TRUE(n == 0 || x[n - 1] != 1.0f);
  }
}

TEST_P(KernelsTest, Normalize) {
  for (const size_t n : {1u, 3u, 16u, 17u, 33u, 512u, 515u}) {
    auto x = random_values(n, static_cast<unsigned>(n));
    const auto expected = reference::normalize(x);
    double squares = 0;
    for (const float value : x) squares += static_cast<double>(value) * value;
    const float length = k().normalize(x.data(), n);
    EXPECT_NEAR(length, std::sqrt(squares),
                4 * kEpsilon * std::sqrt(squares) * std::log2(static_cast<double>(n) + 2));
    for (size_t i = 0; i < n; ++i) EXPECT_NEAR(x[i], expected[i], 32 * kEpsilon * std::abs(expected[i]));
  }
}

TEST_P(KernelsTest, NormalizeLeavesWhatHasNoDirection) {
  std::vector<float> zeros(19, 0.0f), infinite(19, std::numeric_limits<float>::infinity());
  EXPECT_EQ(k().normalize(zeros.data(), zeros.size()), 0.0f);
  EXPECT_EQ(zeros, std::vector<float>(19, 0.0f));
  k().normalize(infinite.data(), infinite.size());
  EXPECT_EQ(infinite, std::vector<float>(19, std::numeric_limits<float>::infinity()));
}

INSTANTIATE_TEST_SUITE_P(Levels, KernelsTest,
                         testing::Values(CpuLevel::portable, CpuLevel::neon, CpuLevel::avx2,
                                         CpuLevel::avx512),
                         [](const auto& test) { return to_string(test.param); });

TEST(CpuLevels, AreKnownByName) {
  EXPECT_EQ(cpu_level("").value(), best_cpu_level());
  EXPECT_EQ(cpu_level("portable").value(), CpuLevel::portable);
  EXPECT_EQ(cpu_level("AVX2").error().kind(), ErrorKind::invalid_argument);
  for (const auto level : {CpuLevel::avx2, CpuLevel::avx512}) {
    const auto found = cpu_level(to_string(level));
    if (supports(level))
      EXPECT_EQ(found.value(), level);
    else
      EXPECT_EQ(found.error().kind(), ErrorKind::unsupported);
  }
}

TEST(CpuLevels, TheDefaultTableIsTheBest) { EXPECT_EQ(kernels().level, best_cpu_level()); }

TEST(RowStride, KeepsRowsApartInCacheSets) {
  for (const size_t n : {1u, 16u, 17u, 768u, 1024u, 3072u}) {
    EXPECT_GE(row_stride(n), n);
    EXPECT_EQ(row_stride(n) % 16, 0u);
    EXPECT_EQ(row_stride(n) / 16 % 2, 1u);
    EXPECT_LE(row_stride(n), n + 31);
  }
}

}  // namespace
}  // namespace elanus::ops
