// What this machine can do at most: the floors that a measurement is compared with.
#pragma once
#include <cstddef>

#include "base/result.h"
#include "base/thread_pool.h"
#include "ops/cpu.h"

namespace elanus::ops {

struct MachineLimits {
  double flops = 0;                    // f32 multiply-adds a second, each counted as two, from registers
  double w10a16_ops = 0, w7a8_ops = 0;  // integer multiply-adds of each kind a second, likewise
  double read_bytes = 0;               // bytes a second, read from memory that is far larger than the caches
};

// The best of a few short bursts on all workers of the pool, with the instructions of `level`. Takes about a
// second, and memory: too_large without 256 MiB.
Result<MachineLimits> measure_machine(base::ThreadPool& pool, CpuLevel level);

}  // namespace elanus::ops
