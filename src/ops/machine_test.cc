#include "ops/machine.h"

#include <gtest/gtest.h>

#include <vector>

#include "ops/burst.h"
#include "ops/quantized.h"

namespace elanus::ops {
namespace {

TEST(Machine, TheLoopsDoWhatTheySayOnEveryLevel) {
  std::vector<float> ones(1280, 1.0f);
  std::vector<const Burst*> bursts{&portable_burst};
#if defined(__x86_64__)
  if (supports(CpuLevel::avx2)) bursts.push_back(&avx2_burst);
  if (supports(CpuLevel::avx512)) bursts.push_back(&avx512_burst);
#endif
  for (const Burst* burst : bursts) {
    EXPECT_EQ(burst->read(ones.data(), ones.size()), 1280.0f);
    // Each chain goes to the fixed point 0.001 / (1 - 0.999) = 1; flops_per_round counts two for each lane.
    EXPECT_NEAR(burst->multiply_add(50'000), burst->flops_per_round / 2, 0.01 * burst->flops_per_round);
  }
}

TEST(Machine, TheIntegerLoopsDoWhatTheySayOnEveryLevel) {
  for (const auto level :
       {IntegerLevel::portable, IntegerLevel::neon, IntegerLevel::neon_dotprod, IntegerLevel::avx2,
        IntegerLevel::avx512, IntegerLevel::avx_vnni, IntegerLevel::avx512_vnni})
    for (const auto kind : {Quantization::w10a16, Quantization::w7a8})
      if (supports(level)) {
        const QuantizedKernels& kernels = quantized_kernels(level);
        EXPECT_EQ(kernels.multiply_add(kind, 1000), 1000 * static_cast<int64_t>(kernels.sums_per_round(kind)))
            << to_string(level);
      }
}

TEST(Machine, LimitsAreThoseOfAComputer) {
  base::ThreadPool pool(1);
  const auto limits = measure_machine(pool, best_cpu_level());
  ASSERT_TRUE(limits.ok());
  EXPECT_GT(limits->flops, 1e8);
  EXPECT_GT(limits->w10a16_ops, 1e7);
  EXPECT_GT(limits->w7a8_ops, 1e7);
  EXPECT_GT(limits->read_bytes, 1e8);
}

}  // namespace
}  // namespace elanus::ops
