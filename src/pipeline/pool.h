// The untyped half: one crew of threads for all stages of a run, and ordered windows of work in flight.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace elanus::pipeline {

class Window;

// One unit of work: an operator's call on one row.
class Job {
 public:
  virtual ~Job() = default;

 protected:
  virtual void run() noexcept = 0;

 private:
  friend class Pool;
  friend class Window;
  bool done_ = false;
  uint64_t nanoseconds_ = 0;
};

// Thread-safety: all methods, from any thread. Windows end before their pool.
class Pool {
 public:
  Pool() = default;
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // At least this many threads. Throws std::system_error when the system has none left.
  void grow(unsigned threads);

 private:
  friend class Window;
  void work();
  // Takes a job from the window nearest to the end of the pipeline that has one and may run one more.
  Window* next(Job*& job);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Window*> windows_;  // the last stage first: it is the first to be pulled
  std::vector<std::thread> crew_;
  bool stop_ = false;
};

// Jobs are taken in the order in which they were submitted, with at most `workers` running and 2 * workers in
// flight. One thread submits and takes; jobs run on the pool's.
class Window {
 public:
  Window(Pool& pool, unsigned workers);
  // Drops what has not begun and waits for the rest.
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  bool full() const { return in_flight_ == 2 * workers_; }
  bool empty() const { return in_flight_ == 0; }

  // `job` must stay alive until it is taken or the window ends. The window is not full.
  void submit(Job& job);

  // Waits for the oldest job in flight, which is `job`; the time that it ran, in nanoseconds.
  uint64_t take(Job& job);

 private:
  friend class Pool;
  Pool& pool_;
  const unsigned workers_;
  unsigned in_flight_ = 0;
  unsigned running_ = 0;  // these two: under the pool's lock
  std::deque<Job*> ready_;
  std::condition_variable done_;
};

}  // namespace elanus::pipeline
