#include "ops/machine.h"

#include <algorithm>
#include <atomic>
#include <chrono>

#include "ops/buffer.h"
#include "ops/burst.h"
#include "ops/quantized.h"

namespace elanus::ops {
namespace {

const Burst& burst_of(CpuLevel level) {
#if defined(__x86_64__)
  if (level == CpuLevel::avx512) return avx512_burst;
  if (level == CpuLevel::avx2) return avx2_burst;
#endif
  static_cast<void>(level);
  return portable_burst;
}

// The shortest of a few runs, in seconds, each on all workers at once.
template <class Work>
double shortest(base::ThreadPool& pool, int runs, const Work& work) {
  double best = 1e9;
  for (int run = 0; run < runs; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    pool.run(pool.size(), [&](size_t part, unsigned) { work(part); });
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

}  // namespace

Result<MachineLimits> measure_machine(base::ThreadPool& pool, CpuLevel level) {
  constexpr size_t kRounds = 1'000'000, kFloats = size_t{64} << 20;
  const Burst& burst = burst_of(level);
  const size_t workers = pool.size(), share = kFloats / workers / 128 * 128;
  const Buffer memory = TRY(Buffer::allocate(kFloats * sizeof(float)));
  std::fill_n(memory.floats(), kFloats, 1.0f);
  // Keeps the loops from being left out.
  std::atomic<float> sink = 0;
  MachineLimits limits;
  const double compute = shortest(pool, 5, [&](size_t) { sink = burst.multiply_add(kRounds); });
  limits.flops = burst.flops_per_round * static_cast<double>(kRounds * workers) / compute;
  const QuantizedKernels& integers = quantized_kernels(level);
  const auto integer_rate = [&](Quantization kind) {
    const double seconds =
        shortest(pool, 5, [&](size_t) { sink = static_cast<float>(integers.multiply_add(kind, kRounds)); });
    return 2.0 * static_cast<double>(integers.sums_per_round(kind) * kRounds * workers) / seconds;
  };
  limits.w10a16_ops = integer_rate(Quantization::w10a16);
  limits.w7a8_ops = integer_rate(Quantization::w7a8);
  const double reading =
      shortest(pool, 5, [&](size_t part) { sink = burst.read(memory.floats() + part * share, share); });
  limits.read_bytes = static_cast<double>(share * workers * sizeof(float)) / reading;
  return limits;
}

}  // namespace elanus::ops
