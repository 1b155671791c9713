#include "pipeline/pool.h"

#include <algorithm>
#include <chrono>

namespace elanus::pipeline {

Pool::~Pool() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (auto& thread : crew_) thread.join();
}

void Pool::grow(unsigned threads) {
  std::lock_guard lock(mutex_);
  crew_.reserve(threads);
  while (crew_.size() < threads) crew_.emplace_back([this] { work(); });
}

Window* Pool::next(Job*& job) {
  for (Window* window : windows_)
    if (!window->ready_.empty() && window->running_ < window->workers_) {
      job = window->ready_.front();
      window->ready_.pop_front();
      ++window->running_;
      return window;
    }
  return nullptr;
}

void Pool::work() {
  using Clock = std::chrono::steady_clock;
  std::unique_lock lock(mutex_);
  for (;;) {
    Job* job = nullptr;
    Window* window = nullptr;
    wake_.wait(lock, [&] { return (window = next(job)) || stop_; });
    if (!window) return;
    lock.unlock();
    const auto begin = Clock::now();
    job->run();
    job->nanoseconds_ = static_cast<uint64_t>(std::chrono::nanoseconds(Clock::now() - begin).count());
    lock.lock();
    job->done_ = true;
    --window->running_;
    window->done_.notify_one();
  }
}

Window::Window(Pool& pool, unsigned workers) : pool_(pool), workers_(workers) {
  pool.grow(workers);
  std::lock_guard lock(pool.mutex_);
  pool.windows_.push_back(this);
}

Window::~Window() {
  std::unique_lock lock(pool_.mutex_);
  ready_.clear();
  done_.wait(lock, [&] { return running_ == 0; });
  std::erase(pool_.windows_, this);
}

void Window::submit(Job& job) {
  job.done_ = false;
  ++in_flight_;
  {
    std::lock_guard lock(pool_.mutex_);
    ready_.push_back(&job);
  }
  pool_.wake_.notify_one();
}

uint64_t Window::take(Job& job) {
  std::unique_lock lock(pool_.mutex_);
  done_.wait(lock, [&] { return job.done_; });
  --in_flight_;
  return job.nanoseconds_;
}

}  // namespace elanus::pipeline
