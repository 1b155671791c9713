#include "ops/code_scan.h"

#include <gmock/gmock.h>

#include <cstring>
#include <random>
#include <vector>

namespace elanus::ops {
namespace {

// Random blocks and a random query of the same length.
struct Scanned {
  explicit Scanned(size_t code_bytes, size_t blocks, uint8_t largest = kMaxTableEntry)
      : bytes(blocks * block_bytes(code_bytes) + kGuard), tables(table_bytes(code_bytes) + 64) {
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
    std::normal_distribution<float> normal;
    for (size_t b = 0; b < blocks; ++b)
      for (size_t i = 0; i < 2 * kBlockRows; ++i) {
        const float value = normal(random);
        std::memcpy(&bytes[b * block_bytes(code_bytes) + code_bytes * kBlockRows + i * sizeof value], &value,
                    sizeof value);
      }
    uint8_t* aligned = tables.data() + (64 - reinterpret_cast<uintptr_t>(tables.data()) % 64) % 64;
    for (size_t j = 0; j < code_bytes; ++j)
      for (const bool upper : {false, true})
        for (size_t v = 0; v < 16; ++v) {
          const auto entry = static_cast<uint8_t>(random() % (largest + 1u));
          aligned[table_offset(j, upper) + v] = aligned[table_offset(j, upper) + 16 + v] = entry;
        }
    query = {aligned, code_bytes, 0.01f, -0.3f, 0.25f};
  }

  static constexpr size_t kGuard = 64;
  std::mt19937 random{7};
  std::vector<uint8_t> bytes, tables;
  CodeQuery query{};
};

class ScanTest : public testing::TestWithParam<ScanLevel> {
 protected:
  void SetUp() override {
    if (!supports(GetParam())) GTEST_SKIP() << "this CPU has no " << to_string(GetParam());
  }
  const ScanKernels& kernels() { return scan_kernels(GetParam()); }
};

TEST_P(ScanTest, SumsAreThoseOfTheTables) {
  for (const size_t code_bytes : {8u, 16u, 32u, 64u, 80u, 96u, 128u, 144u, 1024u}) {
    Scanned s(code_bytes, 1);
    std::vector<uint16_t> sums(kBlockRows);
    kernels().sums(s.bytes.data(), s.query, sums.data());
    for (size_t i = 0; i < kBlockRows; ++i) {
      unsigned expected = 0;
      for (size_t j = 0; j < code_bytes; ++j) {
        const uint8_t code = s.bytes[j * kBlockRows + i];
        expected += s.query.tables[table_offset(j, false) + code % 16] +
                    s.query.tables[table_offset(j, true) + code / 16];
      }
      EXPECT_EQ(sums[i], expected) << code_bytes << " row " << i;
    }
  }
}

TEST_P(ScanTest, TheLargestSumsFit) {
  Scanned s(kMaxCodeBytes, 1);
  std::vector<uint8_t> tables(table_bytes(kMaxCodeBytes) + 64, kMaxTableEntry);
  s.query.tables = tables.data() + (64 - reinterpret_cast<uintptr_t>(tables.data()) % 64) % 64;
  std::vector<uint16_t> sums(kBlockRows);
  kernels().sums(s.bytes.data(), s.query, sums.data());
  EXPECT_THAT(sums, testing::Each(2 * kMaxCodeBytes * kMaxTableEntry));
}

// Every level, to the bit, what plain C++ gives; from blocks at any address.
TEST_P(ScanTest, FindsWhatThePortableScanFinds) {
  for (const size_t code_bytes : {8u, 64u, 80u, 144u})
    for (const size_t blocks : {0u, 1u, 2u, 3u, 4u, 5u, 9u}) {
      Scanned s(code_bytes, blocks);
      s.bytes.insert(s.bytes.begin(), 4, 0);
      std::vector<uint32_t> alive(blocks);
      for (uint32_t& word : alive) word = static_cast<uint32_t>(s.random() % 4 == 0 ? 0 : s.random());
      for (const float threshold : {-1e30f, 0.0f, 0.5f, 1e30f})
        for (const uint32_t* mask :
             {static_cast<const uint32_t*>(nullptr), static_cast<const uint32_t*>(alive.data())}) {
          std::vector<BoundedRow> found(blocks * kBlockRows + 1, {12345, 0}), expected = found;
          const size_t n = kernels().scan(s.bytes.data() + 4, blocks, s.query, threshold, mask, found.data());
          ASSERT_EQ(n, scan_kernels(ScanLevel::portable)
                           .scan(s.bytes.data() + 4, blocks, s.query, threshold, mask, expected.data()));
          for (size_t i = 0; i < n; ++i) {
            EXPECT_EQ(found[i].row, expected[i].row);
            EXPECT_EQ(found[i].bound, expected[i].bound);
          }
          EXPECT_EQ(found[n].row, 12345u) << "written beyond the last";
        }
    }
}

TEST_P(ScanTest, ARowThatIsNotANumberPassesNothing) {
  Scanned s(8, 1);
  const uint32_t nan = 0x7fc00000;
  std::memcpy(&s.bytes[8 * kBlockRows + 3 * sizeof nan], &nan, sizeof nan);
  std::vector<BoundedRow> found(kBlockRows);
  EXPECT_EQ(kernels().scan(s.bytes.data(), 1, s.query, -1e30f, nullptr, found.data()), kBlockRows - 1);
}

INSTANTIATE_TEST_SUITE_P(Levels, ScanTest,
                         testing::Values(ScanLevel::portable, ScanLevel::neon, ScanLevel::ssse3,
                                         ScanLevel::avx2, ScanLevel::avx512),
                         [](const auto& test) { return to_string(test.param); });

TEST(ScanLevels, TheDefaultIsTheBest) {
  for (const auto level :
       {ScanLevel::portable, ScanLevel::neon, ScanLevel::ssse3, ScanLevel::avx2, ScanLevel::avx512})
    if (supports(level)) {
      EXPECT_GE(static_cast<int>(scan_kernels().level), static_cast<int>(level));
    }
}

}  // namespace
}  // namespace elanus::ops
