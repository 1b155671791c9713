// A second process for tests: it runs a function, talks through a pipe, and can be killed.
#pragma once
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <functional>
#include <optional>

namespace elanus::store_local {

class ChildProcess {
 public:
  // Says a number to the parent.
  using Say = std::function<void(int64_t)>;

  // The function must open for itself what it needs, and ends the child when it returns.
  explicit ChildProcess(const std::function<void(const Say&)>& body) {
    int ends[2];
    if (::pipe(ends) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ends[0]);
      body([&](int64_t number) { static_cast<void>(!::write(ends[1], &number, sizeof number)); });
      ::_exit(0);
    }
    ::close(ends[1]);
    reading_ = ends[0];
  }
  ~ChildProcess() {
    kill();
    ::close(reading_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // What the child says next; nothing when it has ended. What it said before it was killed can still be
  // heard.
  std::optional<int64_t> hear() const {
    int64_t number = 0;
    if (::read(reading_, &number, sizeof number) != sizeof number) return std::nullopt;
    return number;
  }

  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
  int reading_ = -1;
};

}  // namespace elanus::store_local
