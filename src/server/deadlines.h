// Ends connections that take too long, whatever they are doing: a client that sends or reads one byte now and
// then keeps no place for ever.
#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace elanus::server {

// Thread-safety: any method, any thread. A socket must be cleared before it is closed.
class Deadlines {
 public:
  using Clock = std::chrono::steady_clock;

  Deadlines() : thread_([this](const std::stop_token& stop) { watch(stop); }) {}
  ~Deadlines();

  // The socket is shut down (not closed) if nothing else is said of it within `time`. At most a second late.
  void set(int socket, std::chrono::milliseconds time);
  void clear(int socket);

 private:
  void watch(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::unordered_map<int, Clock::time_point> until_;
  std::jthread thread_;  // goes first
};

}  // namespace elanus::server
