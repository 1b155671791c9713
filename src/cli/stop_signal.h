// Ctrl-C and SIGTERM as a stop token: the first asks long work to end cleanly, the second ends the program at once.
#pragma once
#include <atomic>
#include <csignal>
#include <stop_token>
#include <string>
#include <thread>

namespace elanus::cli {

// Make it before any other thread, so that all threads inherit the blocked signals.
class StopSignal {
 public:
  // `words` is said when the first comes.
  explicit StopSignal(std::string words = "stopping after the pictures at hand");
  ~StopSignal();
  std::stop_token token() const { return source_.get_token(); }

 private:
  void watch();

  const std::string words_;
  std::stop_source source_;
  std::atomic<bool> done_{false};
  sigset_t signals_, before_;
  std::thread watcher_;
};

}  // namespace elanus::cli
