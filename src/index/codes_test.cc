#include "index/codes.h"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>

#include "index/test_rows.h"
#include "tests/support/clip_like.h"

namespace elanus::index {
namespace {

// The estimate of each row for a query.
std::vector<double> estimates(const TestRows& rows, const PreparedQuery& query) {
  const Rows part = rows.rows();
  std::vector<double> estimates;
  std::vector<uint16_t> sums(ops::kBlockRows);
  const ops::CodeQuery code = query.code(0);
  const size_t bytes = code.code_bytes;
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint8_t* block = part.codes.data() + i / ops::kBlockRows * ops::block_bytes(bytes);
    const auto* tail = reinterpret_cast<const float*>(block + bytes * ops::kBlockRows);
    const size_t lane = i % ops::kBlockRows;
    ops::scan_kernels().sums(block, code, sums.data());
    estimates.push_back(double{tail[lane]} * (code.scale * sums[lane] + code.offset) +
                        double{tail[ops::kBlockRows + lane]} * code.slope + query.base());
  }
  return estimates;
}

double factor_of(const TestRows& rows, size_t i, size_t bytes) {
  const uint8_t* block = rows.rows().codes.data() + i / ops::kBlockRows * ops::block_bytes(bytes);
  return reinterpret_cast<const float*>(block + bytes * ops::kBlockRows)[i % ops::kBlockRows];
}

double dot(std::span<const uint16_t> row, std::span<const float> query) {
  double sum = 0;
  for (size_t d = 0; d < row.size(); ++d) sum += static_cast<double>(base::f16_to_f32(row[d])) * query[d];
  return sum;
}

struct Errors {
  double mean = 0, deviation = 0;  // in units of what the query says its deviation is
};

// Of the rows nearest to each query, whose estimates decide.
Errors errors_of_the_nearest(const TestRows& rows, uint32_t dim,
                             const std::function<void(size_t, std::span<float>)>& ask) {
  double sum = 0, squares = 0;
  size_t n = 0;
  std::vector<float> query(dim);
  for (size_t q = 0; q < 40; ++q) {
    ask(q, query);
    const PreparedQuery prepared(*rows.frame(), query);
    const auto guessed = estimates(rows, prepared);
    std::vector<std::pair<double, size_t>> truth;
    for (size_t i = 0; i < rows.size(); ++i)
      truth.emplace_back(-dot(rows.values().subspan(i * dim, dim), query), i);
    std::nth_element(truth.begin(), truth.begin() + 20, truth.end());
    for (size_t t = 0; t < 20; ++t) {
      const auto [score, i] = truth[t];
      const double error =
          (-score - guessed[i]) / (prepared.deviation() * factor_of(rows, i, code_bytes(dim)));
      sum += error;
      squares += error * error;
      ++n;
    }
  }
  const double mean = sum / static_cast<double>(n);
  return {mean, std::sqrt(squares / static_cast<double>(n) - mean * mean)};
}

// The error says truly how large it is: for text and picture queries, and for dimensions that are no power of
// two. Bounds around what was measured (mean -0.1 to 0.3, deviation 0.9 to 1.2).
TEST(Codes, TheirErrorIsAsStated) {
  for (const uint32_t dim : {512u, 640u}) {
    const testing_support::ClipLike clip(dim);
    TestRows rows(dim, 3000, [&](size_t i, std::span<float> out) { clip.picture(i, out); });
    rows.learn();
    for (const bool text : {true, false}) {
      const auto errors = errors_of_the_nearest(rows, dim, [&](size_t q, std::span<float> out) {
        text ? clip.text(q, out) : clip.picture(1'000'000 + q, out);
      });
      EXPECT_NEAR(errors.mean, 0.1, 0.5) << dim << (text ? " text" : " picture");
      EXPECT_NEAR(errors.deviation, 1.05, 0.3) << dim << (text ? " text" : " picture");
    }
  }
}

TEST(Codes, NoPreferredDirectionIsTheWorstCase) {
  const uint32_t dim = 256;
  std::mt19937_64 random(3);
  const auto any = [&](size_t, std::span<float> out) {
    const auto unit = random_unit(dim, random);
    std::copy(unit.begin(), unit.end(), out.begin());
  };
  TestRows rows(dim, 4000, any);
  rows.learn();
  const auto errors = errors_of_the_nearest(rows, dim, any);
  EXPECT_NEAR(errors.mean, 0.3, 0.5);
  EXPECT_NEAR(errors.deviation, 1.0, 0.25);
}

TEST(Codes, VectorsThatAreAllTheSame) {
  std::mt19937_64 random(5);
  const auto one = random_unit(128, random);
  TestRows rows(128, 100,
                [&](size_t, std::span<float> out) { std::copy(one.begin(), one.end(), out.begin()); });
  rows.learn();
  const auto query = random_unit(128, random);
  const PreparedQuery prepared(*rows.frame(), query);
  for (const double estimate : estimates(rows, prepared))
    EXPECT_NEAR(estimate, dot(rows.values().first(128), query), 1e-4);
}

TEST(Codes, RowsThatABlockLacksAreNeverFound) {
  std::mt19937_64 random(5);
  TestRows rows(128, 33, [&](size_t, std::span<float> out) {
    const auto unit = random_unit(128, random);
    std::copy(unit.begin(), unit.end(), out.begin());
  });
  rows.row(7)[3] = 0x7e00;  // not a number
  rows.code(std::make_shared<Frame>(Frame::learn(128, rows.values().subspan(8 * 128)).value()));
  const PreparedQuery prepared(*rows.frame(), random_unit(128, random));
  std::vector<ops::BoundedRow> found(64);
  const size_t n = ops::scan_kernels().scan(rows.rows().codes.data(), 2, prepared.code(3),
                                            -std::numeric_limits<float>::infinity(), nullptr, found.data());
  EXPECT_EQ(n, 32u);
  for (const auto& row : std::span(found).first(n)) EXPECT_TRUE(row.row < 33 && row.row != 7);
}

TEST(Codes, SizesAreWholeBlocks) {
  EXPECT_EQ(code_bytes(512), 64u);
  EXPECT_EQ(code_bytes(513), 72u);
  EXPECT_EQ(coded_bytes(512, 0), 0u);
  EXPECT_EQ(coded_bytes(512, 1), 32u * 64 + 256);
  EXPECT_EQ(coded_bytes(512, 33), 2 * (32u * 64 + 256));
  EXPECT_LE(code_bytes(kMaxCodedDim), ops::kMaxCodeBytes);
}

}  // namespace
}  // namespace elanus::index
