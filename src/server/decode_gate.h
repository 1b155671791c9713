// How many pictures may be decoded at once: as many as there are CPUs, but large ones one at a time, so that
// a handful of clients cannot fill the memory with pixels.
#pragma once
#include <cstdint>
#include <mutex>
#include <semaphore>

#include "base/result.h"
#include "base/thread_pool.h"

namespace elanus::server {

// Thread-safety: run() from any number of threads.
class DecodeGate {
 public:
  static constexpr uint64_t kCommon = 25'000'000, kLargest = 100'000'000;  // pixels

  // Calls work(max_pixels), which fails with too_large above that; a second time with more when it does.
  template <class Work>
  auto run(const Work& work) {
    slots_.acquire();
    auto result = work(kCommon);
    slots_.release();
    if (result.ok() || result.error().kind() != ErrorKind::too_large) return result;
    const std::lock_guard lock(large_);
    return work(kLargest);
  }

 private:
  std::counting_semaphore<> slots_{static_cast<std::ptrdiff_t>(base::available_cpus())};
  std::mutex large_;
};

}  // namespace elanus::server
