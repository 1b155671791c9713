// The packed matrix product and attention of every level that this machine has, against the slow reference.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "base/f16.h"
#include "ops/packed_matrix.h"
#include "ops/reference.h"
#include "ops/test_values.h"

namespace elanus::ops {
namespace {

constexpr float kUntouched = 12345.0f;

void round_to_f16(std::vector<float>& values) {
  for (float& value : values) value = base::f16_to_f32(base::f32_to_f16(value));
}

PackedMatrix pack(const Kernels& k, base::ThreadPool& pool, const std::vector<float>& weights, size_t n,
                  size_t width, std::span<const float> bias) {
  return PackedMatrix::pack(
             k, pool, n, width,
             [&](size_t row, std::span<float> out) {
               std::copy_n(&weights[row * width], width, out.begin());
             },
             bias)
      .value();
}

struct Case {
  size_t rows, n, k;
  Epilogue epilogue = Epilogue::none;
  bool half = true;
};

class MatmulTest : public testing::TestWithParam<CpuLevel> {
 protected:
  void SetUp() override {
    if (!supports(GetParam())) GTEST_SKIP() << "this CPU has no " << to_string(GetParam());
  }
  const Kernels& kernels_of_level() const { return kernels(GetParam()); }

  void check(const Case& t) {
    SCOPED_TRACE(testing::Message() << t.rows << " x " << t.n << " x " << t.k << (t.half ? " f16" : " f32"));
    const auto seed = static_cast<unsigned>(t.rows * 7919 + t.n * 104729 + t.k);
    auto weights = random_values(t.n * t.k, seed, 0.5f);
    if (t.half) round_to_f16(weights);
    const auto bias = random_values(t.n, seed + 1), old = random_values(t.rows * t.n, seed + 2);
    const auto a = random_values(t.rows * t.k, seed + 3);
    const Kernels& k = kernels_of_level();
    const PackedMatrix packed = pack(k, pool_, weights, t.n, t.k, bias);
    EXPECT_EQ(packed.view().f16, t.half);

    const size_t lda = t.k + 3, ldc = t.n + 5;
    std::vector<float> wide(t.rows * lda, std::nanf("")), c(t.rows * ldc, kUntouched);
    for (size_t i = 0; i < t.rows; ++i) {
      std::copy_n(&a[i * t.k], t.k, &wide[i * lda]);
      std::copy_n(&old[i * t.n], t.n, &c[i * ldc]);
    }
    std::vector<float> scratch(k.matmul_scratch);
    const size_t half = packed.panels() / 2;
    const Matmul product{wide.data(), lda, t.rows, packed.view(), c.data(), ldc, t.epilogue};
    k.matmul(product, half, packed.panels(), scratch.data());
    k.matmul(product, 0, half, scratch.data());
    compare(t, c, ldc, reference::linear(a, t.rows, t.k, weights, t.n, bias), old, a, weights);
  }

  // A sum of k products and two more terms: at most (k + 2) epsilon of their magnitudes.
  static void compare(const Case& t, const std::vector<float>& c, size_t ldc,
                      const std::vector<float>& linear, const std::vector<float>& old,
                      const std::vector<float>& a, const std::vector<float>& weights) {
    for (size_t i = 0; i < t.rows; ++i) {
      for (size_t j = 0; j < t.n; ++j) {
        float expected = linear[i * t.n + j];
        double magnitude = std::abs(expected) + 8.0;
        for (size_t x = 0; x < t.k; ++x)
          magnitude += std::abs(static_cast<double>(a[i * t.k + x]) * weights[j * t.k + x]);
        if (t.epilogue == Epilogue::add || t.epilogue == Epilogue::add_relu) expected += old[i * t.n + j];
        if (t.epilogue == Epilogue::gelu) expected = reference::gelu(expected);
        if (t.epilogue == Epilogue::gelu_tanh) expected = reference::gelu_tanh(expected);
        if (t.epilogue == Epilogue::relu || t.epilogue == Epilogue::add_relu)
          expected = reference::relu(expected);
        if (t.epilogue == Epilogue::quick_gelu) expected = reference::quick_gelu(expected);
        ASSERT_NEAR(c[i * ldc + j], expected, static_cast<double>(t.k + 2) * kEpsilon * magnitude)
            << i << ", " << j;
      }
      for (size_t j = t.n; j < ldc; ++j)
        ASSERT_EQ(c[i * ldc + j], kUntouched) << "written beyond the last column";
    }
  }

  base::ThreadPool pool_{2};
};

TEST_P(MatmulTest, AnyNumberOfRows) {
  for (size_t rows = 1; rows <= 33; ++rows) check({rows, 35, 21});
  for (const size_t rows : {50u, 111u, 113u, 200u, 300u}) check({rows, 33, 40});
}

TEST_P(MatmulTest, AnyNumberOfColumns) {
  for (size_t n = 1; n <= 70; ++n) check({5, n, 17});
}

TEST_P(MatmulTest, AnyNumberOfInputs) {
  for (size_t k = 1; k <= 20; ++k) check({9, 20, k});
  for (const size_t k : {383u, 384u, 385u, 767u, 769u, 1155u}) check({3, 37, k});
}

TEST_P(MatmulTest, EveryEpilogueOverSeveralKBlocks) {
  for (const Epilogue epilogue : {Epilogue::none, Epilogue::add, Epilogue::gelu, Epilogue::gelu_tanh,
                                  Epilogue::quick_gelu, Epilogue::relu, Epilogue::add_relu}) {
    check({17, 50, 30, epilogue});
    check({17, 50, 900, epilogue});
    check({2, 64, 900, epilogue});
  }
}

TEST_P(MatmulTest, WeightsThatF16CannotHoldStayF32WhereThatIsCheap) {
  for (const size_t rows : {1u, 4u, 7u, 29u}) check({rows, 45, 70, Epilogue::none, false});
}

TEST_P(MatmulTest, ARowDoesNotDependOnTheOthers) {
  const Kernels& k = kernels_of_level();
  constexpr size_t kRows = 45, kN = 40, kK = 500;
  auto weights = random_values(kN * kK, 1);
  round_to_f16(weights);
  const auto a = random_values(kRows * kK, 2);
  const PackedMatrix packed = pack(k, pool_, weights, kN, kK, {});
  std::vector<float> scratch(k.matmul_scratch), all(kRows * kN), one(kN);
  k.matmul({a.data(), kK, kRows, packed.view(), all.data(), kN, Epilogue::none}, 0, packed.panels(),
           scratch.data());
  for (size_t i = 0; i < kRows; ++i) {
    k.matmul({&a[i * kK], kK, 1, packed.view(), one.data(), kN, Epilogue::none}, 0, packed.panels(),
             scratch.data());
    EXPECT_TRUE(std::equal(one.begin(), one.end(), &all[i * kN])) << i;
  }
}

TEST_P(MatmulTest, LargeWeightsAreRoundedUnlessTheyOverflowOrVanish) {
  const Kernels& k = kernels_of_level();
  constexpr size_t kN = 512, kK = 512;
  for (const auto& [spread, f16] : {std::pair{0.02f, true}, {1e6f, false}, {1e-7f, false}}) {
    const auto weights = random_values(kN * kK, 3, spread);
    EXPECT_EQ(pack(k, pool_, weights, kN, kK, {}).view().f16, f16) << spread;
  }
}

TEST_P(MatmulTest, PackingRefusesNothingAndWrongBiases) {
  const Kernels& k = kernels_of_level();
  const auto no_rows = [](size_t, std::span<float>) {};
  const std::vector<float> bias(3);
  EXPECT_EQ(PackedMatrix::pack(k, pool_, 0, 4, no_rows).error().kind(), ErrorKind::invalid_argument);
  EXPECT_EQ(PackedMatrix::pack(k, pool_, 4, 0, no_rows).error().kind(), ErrorKind::invalid_argument);
  EXPECT_EQ(PackedMatrix::pack(k, pool_, 4, 4, no_rows, bias).error().kind(), ErrorKind::invalid_argument);
  EXPECT_EQ(PackedMatrix::pack(k, pool_, size_t{1} << 40, size_t{1} << 40, no_rows).error().kind(),
            ErrorKind::too_large);
}

struct Head {
  size_t queries, keys, head_dim, first;
  bool causal;
};

TEST_P(MatmulTest, Attention) {
  const Kernels& k = kernels_of_level();
  for (const Head& t : {Head{1, 1, 8, 0, true},
                        {7, 7, 64, 0, true},
                        {7, 7, 64, 0, false},
                        {50, 50, 64, 0, false},
                        {1, 50, 64, 0, false},
                        {1, 12, 16, 11, true},
                        {13, 13, 12, 0, true},
                        {33, 33, 80, 0, true},
                        {5, 40, 24, 9, true},
                        {65, 65, 1, 0, false},
                        {17, 17, 37, 0, true}}) {
    SCOPED_TRACE(testing::Message() << t.queries << " queries, " << t.keys << " keys, " << t.head_dim
                                    << " wide");
    const size_t ld = t.head_dim + 3;
    const auto q = random_values(t.queries * t.head_dim, 1), key = random_values(t.keys * t.head_dim, 2);
    const auto v = random_values(t.keys * t.head_dim, 3);
    const auto spaced = [&](const std::vector<float>& tight) {
      std::vector<float> wide(tight.size() / t.head_dim * ld, kUntouched);
      for (size_t i = 0; i < tight.size(); ++i) wide[i / t.head_dim * ld + i % t.head_dim] = tight[i];
      return wide;
    };
    const auto wide_q = spaced(q), wide_k = spaced(key), wide_v = spaced(v);
    const float scale = 1.0f / std::sqrt(static_cast<float>(t.head_dim));
    const size_t floats = k.attention_scratch(t.keys, t.head_dim);
    std::vector<float> scratch(floats + 1, kUntouched), out(t.queries * ld, kUntouched);
    k.attention({wide_q.data(), wide_k.data(), wide_v.data(), ld, ld, t.queries, t.keys, t.head_dim, t.first,
                 t.causal, scale, out.data(), ld},
                scratch.data());
    EXPECT_EQ(scratch[floats], kUntouched);
    const auto expected =
        reference::attention(q, key, v, t.queries, t.keys, t.head_dim, t.first, t.causal, scale);
    // Scores of magnitude |q||k| / sqrt(d) <= about 2 sqrt(d) move the weights by that many epsilon; |v|
    // <= 4.
    const double tolerance = (static_cast<double>(t.head_dim + t.keys) + 40) * kEpsilon * 8;
    for (size_t i = 0; i < t.queries; ++i) {
      for (size_t d = 0; d < t.head_dim; ++d)
        ASSERT_NEAR(out[i * ld + d], expected[i * t.head_dim + d], tolerance) << i << ", " << d;
      EXPECT_EQ(out[i * ld + t.head_dim], kUntouched);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, MatmulTest,
                         testing::Values(CpuLevel::portable, CpuLevel::neon, CpuLevel::avx2,
                                         CpuLevel::avx512),
                         [](const auto& test) { return to_string(test.param); });

}  // namespace
}  // namespace elanus::ops
