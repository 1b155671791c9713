#include "cli/stop_signal.h"

#include <unistd.h>

#include <ctime>

#include "cli/main.h"
#include "cli/terminal.h"

namespace elanus::cli {

StopSignal::StopSignal(std::string words) : words_(std::move(words)) {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  watcher_ = std::thread([this] { watch(); });
}

StopSignal::~StopSignal() {
  done_ = true;
  watcher_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void StopSignal::watch() {
  const timespec tick{0, 50'000'000};
  while (!done_) {
    if (sigtimedwait(&signals_, nullptr, &tick) <= 0) continue;
    if (source_.stop_requested()) _exit(kInterrupted);
    say("\n" + words_ + "; again to stop at once");
    source_.request_stop();
  }
}

}  // namespace elanus::cli
