// Fork-join parallelism for short regions: the workers spin for a moment after each region, so that the next
// one of a forward pass starts in about a microsecond, then sleep on a futex and cost nothing.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace elanus::base {

class ThreadPool {
 public:
  // `threads` workers in all, the calling thread among them; 0 means one per CPU that this process may use.
  explicit ThreadPool(unsigned threads = 0);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  unsigned size() const { return static_cast<unsigned>(workers_.size()) + 1; }

  // Calls body(index, worker) once for each index in [0, n), each on some thread; worker is in [0, size())
  // and no two calls run at once with the same one. Indices are handed out one by one, so a thread that loses
  // its core delays one index only, and none when it has taken none. Returns when all are done. Calls from
  // several threads queue up; body must not call run itself.
  template <class Body>
  void run(size_t n, const Body& body) {
    run_erased(n, &body, [](const void* b, size_t index, unsigned worker) {
      (*static_cast<const Body*>(b))(index, worker);
    });
  }

 private:
  using Call = void (*)(const void* body, size_t index, unsigned worker);
  void run_erased(size_t n, const void* body, Call call);
  void work(unsigned worker);
  void drain(unsigned worker);

  std::vector<std::thread> workers_;
  std::mutex callers_;
  const void* body_ = nullptr;
  Call call_ = nullptr;
  size_t first_ = 0;
  uint32_t n_ = 0;
  // How many indices nobody has taken. Who takes one may read body_, call_ and n_ until it has counted it in
  // done_: the call cannot end before. Who comes late finds none left, and is not waited for.
  alignas(64) std::atomic<uint32_t> left_{0};
  alignas(64) std::atomic<uint32_t> generation_{0};
  alignas(64) std::atomic<uint32_t> done_{0};
  std::atomic<bool> stop_{false};
};

// How many CPUs this process may run on (affinity mask), at least 1.
unsigned available_cpus();

}  // namespace elanus::base
