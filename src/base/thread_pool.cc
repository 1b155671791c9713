#include "base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <chrono>

namespace elanus::base {
namespace {

constexpr size_t kMostAtOnce = size_t{1} << 31;

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Spins for about 50 us while `value` keeps its old content, then sleeps until it is notified.
template <class T>
void wait_while_equal(const std::atomic<T>& value, T old) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::microseconds(50);
  for (int spins = 0; value.load(std::memory_order_acquire) == old; ++spins) {
    relax();
    if (spins % 64 == 63 && Clock::now() > until) {
      value.wait(old, std::memory_order_acquire);
      return;
    }
  }
}

}  // namespace

unsigned available_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  const int count = CPU_COUNT(&set);
  return count > 0 ? static_cast<unsigned>(count) : 1;
}

ThreadPool::ThreadPool(unsigned threads) {
  if (threads == 0) threads = available_cpus();
  for (unsigned worker = 1; worker < threads; ++worker)
    workers_.emplace_back([this, worker] { work(worker); });
}

ThreadPool::~ThreadPool() {
  stop_.store(true, std::memory_order_relaxed);
  generation_.fetch_add(1, std::memory_order_release);
  generation_.notify_all();
  for (auto& worker : workers_) worker.join();
}

void ThreadPool::run_erased(size_t n, const void* body, Call call) {
  if (n == 0) return;
  std::lock_guard lock(callers_);
  if (n == 1 || workers_.empty()) {
    for (size_t index = 0; index < n; ++index) call(body, index, 0);
    return;
  }
  for (size_t first = 0; first < n; first += kMostAtOnce) {
    body_ = body;
    call_ = call;
    first_ = first;
    n_ = static_cast<uint32_t>(std::min(n - first, kMostAtOnce));
    done_.store(0, std::memory_order_relaxed);
    left_.store(n_, std::memory_order_release);
    generation_.fetch_add(1, std::memory_order_release);
    generation_.notify_all();
    drain(0);
    for (uint32_t done = done_.load(std::memory_order_acquire); done != n_;
         done = done_.load(std::memory_order_acquire))
      wait_while_equal(done_, done);
  }
}

void ThreadPool::drain(unsigned worker) {
  uint32_t left = left_.load(std::memory_order_acquire);
  while (left != 0) {
    if (!left_.compare_exchange_weak(left, left - 1, std::memory_order_acquire)) continue;
    const uint32_t all = n_;
    call_(body_, first_ + (all - left), worker);
    if (done_.fetch_add(1, std::memory_order_acq_rel) + 1 == all) done_.notify_all();
    left = left_.load(std::memory_order_acquire);
  }
}

void ThreadPool::work(unsigned worker) {
  uint32_t seen = 0;
  while (true) {
    wait_while_equal(generation_, seen);
    seen = generation_.load(std::memory_order_acquire);
    if (stop_.load(std::memory_order_relaxed)) return;
    drain(worker);
  }
}

}  // namespace elanus::base
