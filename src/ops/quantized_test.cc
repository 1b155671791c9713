// The integer kernels of every level that this machine has, against the slow reference: bit for bit, so a
// level that rounds or saturates anywhere else fails.
#include "ops/quantized.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "ops/quantized_matrix.h"
#include "ops/reference.h"
#include "ops/test_values.h"

namespace elanus::ops {
namespace {

constexpr float kUnwritten = 12345.0f;

void positive(float* x, size_t n) {
  for (size_t i = 0; i < n; ++i) x[i] = std::max(0.0f, x[i]);
}

struct QuantizedCase {
  IntegerLevel level;
  Quantization kind;
};

std::vector<QuantizedCase> all_cases() {
  std::vector<QuantizedCase> cases;
  for (const auto level :
       {IntegerLevel::portable, IntegerLevel::neon, IntegerLevel::neon_dotprod, IntegerLevel::avx2,
        IntegerLevel::avx512, IntegerLevel::avx_vnni, IntegerLevel::avx512_vnni})
    for (const auto kind : {Quantization::w10a16, Quantization::w7a8}) cases.push_back({level, kind});
  return cases;
}

class QuantizedTest : public testing::TestWithParam<QuantizedCase> {
 protected:
  void SetUp() override {
    if (!supports(GetParam().level)) GTEST_SKIP() << "this CPU has no " << to_string(GetParam().level);
  }
  const QuantizedKernels& k() const { return quantized_kernels(GetParam().level); }
  Quantization kind() const { return GetParam().kind; }

  QuantizedMatrix pack(const std::vector<float>& weights, size_t n, size_t width,
                       std::span<const float> bias = {}) {
    const auto row = [&](size_t r, std::span<float> out) {
      std::copy_n(&weights[r * width], width, out.begin());
    };
    return QuantizedMatrix::pack(k(), pool_, kind(), n, width, row, bias).value();
  }

  // k values times or by the powers of two of their inputs.
  static std::vector<float> scaled(const QuantizedMatrix& m, const float* values, bool activations) {
    std::vector<float> out(values, values + m.view().k);
    for (size_t i = 0; i < out.size(); ++i)
      out[i] = activations ? out[i] * m.view().inverse[i] : out[i] / m.view().inverse[i];
    return out;
  }

  // Quantises the rows of `a` and multiplies them; [rows][ldc], beyond n untouched.
  std::vector<float> multiply(const QuantizedMatrix& m, const std::vector<float>& a, size_t rows, size_t ldc,
                              bool add) {
    const QuantizedView& w = m.view();
    const size_t lda = quantized_row_bytes(kind(), w.k) + 8;
    std::vector<std::byte> quantized(rows * lda, std::byte{0x77});
    std::vector<RowScale> scales(rows);
    for (size_t i = 0; i < rows; ++i) scales[i] = k().quantize(w, &a[i * w.k], &quantized[i * lda]);
    std::vector<float> c(rows * ldc, kUnwritten);
    for (size_t i = 0; add && i < rows; ++i) std::fill_n(&c[i * ldc], w.n, 0.25f);
    const QuantizedMatmul product{quantized.data(), lda, scales.data(), rows, w, c.data(), ldc, add, nullptr};
    k().matmul(product, m.panels() / 2, m.panels());
    k().matmul(product, 0, m.panels() / 2);
    return c;
  }

  void check(size_t rows, size_t n, size_t width, const std::vector<float>& a,
             const std::vector<float>& weights) {
    SCOPED_TRACE(testing::Message() << rows << " x " << n << " x " << width);
    const auto bias = random_values(n, 7);
    const QuantizedMatrix m = pack(weights, n, width, bias);
    const size_t ldc = n + 3;
    const bool add = rows % 2 == 0;
    const auto c = multiply(m, a, rows, ldc, add);
    std::vector<reference::Quantized> columns;
    for (size_t j = 0; j < n; ++j)
      columns.push_back(reference::quantize_weights(kind(), scaled(m, &weights[j * width], false)));
    for (size_t i = 0; i < rows; ++i) {
      const auto row =
          reference::quantize_activations(kind(), m.view().limit, scaled(m, &a[i * width], true));
      for (size_t j = 0; j < n; ++j)
        ASSERT_EQ(c[i * ldc + j],
                  reference::quantized_product(row, columns[j], bias[j]) + (add ? 0.25f : 0.0f))
            << i << ", " << j;
      for (size_t j = n; j < ldc; ++j)
        ASSERT_EQ(c[i * ldc + j], kUnwritten) << "written beyond the last column";
    }
  }
  void check(size_t rows, size_t n, size_t width) {
    const auto seed = static_cast<unsigned>(rows * 31 + n * 17 + width);
    check(rows, n, width, random_values(rows * width, seed), random_values(n * width, seed + 1));
  }

  base::ThreadPool pool_{2};
};

TEST_P(QuantizedTest, AnyShapeEqualsTheReference) {
  for (size_t rows = 1; rows <= 33; ++rows) check(rows, 35, 21);
  for (size_t n = 1; n <= 70; ++n) check(5, n, 17);
  for (size_t width = 1; width <= 40; ++width) check(3, 20, width);
  check(113, 33, 40);
  check(4, 64, 1155);
}

// Each of these would saturate, overflow or lose its sign in some narrower sum.
TEST_P(QuantizedTest, TheLargestValuesEqualTheReference) {
  constexpr size_t kRows = 3, kN = 33, kWidth = 3072;
  const std::vector<float> ones(kN * kWidth, 1.0f), low(kN * kWidth, -1.0f);
  std::vector<float> a(kRows * kWidth, 1.0f);
  std::fill_n(a.begin(), kWidth, -1.0f);
  for (size_t i = 0; i < kWidth; ++i) a[2 * kWidth + i] = i % 2 == 0 ? 1.0f : -1.0f;
  check(kRows, kN, kWidth, a, ones);
  check(kRows, kN, kWidth, a, low);
}

TEST_P(QuantizedTest, ZerosAndTinyValuesStayZeros) {
  const std::vector<float> weights(40 * 10, 0.0f), tiny(40 * 10, 1e-44f);
  const QuantizedMatrix nothing = pack(weights, 40, 10), almost = pack(tiny, 40, 10);
  for (const QuantizedMatrix* m : {&nothing, &almost})
    for (const float value : {0.0f, 1e-40f, 3.0f})
      for (const float out : multiply(*m, std::vector<float>(10, value), 1, 40, false)) EXPECT_EQ(out, 0.0f);
}

// Half a step of each weight for |x| of each activation, half a step of each activation for |w| of each
// weight, and the product of both; the rounding of the float steps is far below.
TEST_P(QuantizedTest, TheErrorIsWithinHalfAStepOfEachValue) {
  constexpr size_t kRows = 9, kN = 50, kWidth = 768;
  const auto a = random_values(kRows * kWidth, 1), weights = random_values(kN * kWidth, 2, 0.04f);
  const QuantizedMatrix m = pack(weights, kN, kWidth);
  const auto c = multiply(m, a, kRows, kN, false),
             exact = reference::linear(a, kRows, kWidth, weights, kN, {});
  for (size_t i = 0; i < kRows; ++i) {
    const auto row = reference::quantize_activations(kind(), m.view().limit, scaled(m, &a[i * kWidth], true));
    double activations = 0;
    for (const float x : scaled(m, &a[i * kWidth], true)) activations += std::abs(x);
    for (size_t j = 0; j < kN; ++j) {
      const double row_step = row.scale / 2, column_step = m.view().scale[j] / 2;
      double magnitude = 0;
      for (const float w : scaled(m, &weights[j * kWidth], false)) magnitude += std::abs(w);
      const double bound = column_step * activations + row_step * magnitude + kWidth * row_step * column_step;
      EXPECT_NEAR(c[i * kN + j], exact[i * kN + j], bound * 1.0001);
    }
  }
}

// As a large trained transformer has them: few activations are huge, and the weights that read them small.
// Without a power of two of its own such an input would lose five bits of its weights, and of all other
// activations.
TEST_P(QuantizedTest, OutlierInputsCostNothing) {
  constexpr size_t kN = 40, kWidth = 96;
  auto a = random_values(kWidth, 1), weights = random_values(kN * kWidth, 2);
  const QuantizedMatrix even = pack(weights, kN, kWidth);
  const auto expected = multiply(even, a, 1, kN, false);
  for (const size_t outlier : {3u, 50u, 77u}) {
    a[outlier] *= 32;
    for (size_t j = 0; j < kN; ++j) weights[j * kWidth + outlier] /= 32;
  }
  EXPECT_EQ(multiply(pack(weights, kN, kWidth), a, 1, kN, false), expected);
}

TEST_P(QuantizedTest, TheActivationComesLast) {
  const auto weights = random_values(20 * 30, 1), a = random_values(2 * 30, 2);
  const QuantizedMatrix m = pack(weights, 20, 30);
  const auto plain = multiply(m, a, 1, 20, false);
  std::vector<std::byte> quantized(quantized_row_bytes(kind(), 30));
  const RowScale scale = k().quantize(m.view(), a.data(), quantized.data());
  std::vector<float> c(20, 1.0f);
  k().matmul({quantized.data(), 0, &scale, 1, m.view(), c.data(), 20, true, positive}, 0, m.panels());
  for (size_t j = 0; j < 20; ++j) EXPECT_EQ(c[j], std::max(0.0f, plain[j] + 1.0f));
}

TEST_P(QuantizedTest, BorrowingTakesOnlyWhatPackingGave) {
  const QuantizedMatrix m = pack(random_values(20 * 30, 1), 20, 30);
  const auto again = QuantizedMatrix::borrow(k(), kind(), 20, 30, m.weight_bytes(), m.column_bytes());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->view().limit, m.view().limit);
  const auto refused = [&](size_t n, size_t width, std::span<const std::byte> w,
                           std::span<const std::byte> c) {
    return QuantizedMatrix::borrow(k(), kind(), n, width, w, c).error().kind();
  };
  EXPECT_EQ(refused(20, 31, m.weight_bytes().first(1), m.column_bytes()), ErrorKind::mismatch);
  EXPECT_EQ(refused(20, 30, m.weight_bytes(), m.column_bytes().subspan(4)), ErrorKind::mismatch);
  EXPECT_EQ(refused(0, 30, m.weight_bytes(), m.column_bytes()), ErrorKind::invalid_argument);
  std::vector<float> columns(m.column_bytes().size() / sizeof(float));
  columns.back() = std::nanf("");
  EXPECT_EQ(refused(20, 30, m.weight_bytes(), std::as_bytes(std::span(columns))), ErrorKind::mismatch);
}

TEST_P(QuantizedTest, PackingRefusesWhatItCannotHold) {
  const auto row = [](size_t, std::span<float> out) { out[0] = std::nanf(""); };
  EXPECT_EQ(QuantizedMatrix::pack(k(), pool_, kind(), 4, 4, row).error().kind(), ErrorKind::corrupt);
  EXPECT_EQ(QuantizedMatrix::pack(k(), pool_, kind(), 0, 4, row).error().kind(), ErrorKind::invalid_argument);
  EXPECT_EQ(QuantizedMatrix::pack(k(), pool_, kind(), size_t{1} << 40, size_t{1} << 40, row).error().kind(),
            ErrorKind::too_large);
}

INSTANTIATE_TEST_SUITE_P(Levels, QuantizedTest, testing::ValuesIn(all_cases()), [](const auto& test) {
  return std::string(to_string(test.param.level)) +
         (test.param.kind == Quantization::w10a16 ? "_w10a16" : "_w7a8");
});

TEST(QuantizedLevels, AFloatLevelHasTheBestWithinIt) {
  const auto one_of = [](CpuLevel level, IntegerLevel better, IntegerLevel other) {
    const auto expected = supports(better) ? better : supports(other) ? other : IntegerLevel::portable;
    EXPECT_EQ(quantized_kernels(level).level, expected) << to_string(level);
  };
  one_of(CpuLevel::portable, IntegerLevel::portable, IntegerLevel::portable);
  one_of(CpuLevel::neon, IntegerLevel::neon_dotprod, IntegerLevel::neon);
  one_of(CpuLevel::avx2, IntegerLevel::avx_vnni, IntegerLevel::avx2);
  one_of(CpuLevel::avx512, IntegerLevel::avx512_vnni, IntegerLevel::avx512);
}

}  // namespace
}  // namespace elanus::ops
