#include "server/deadlines.h"

#include <sys/socket.h>

namespace elanus::server {

Deadlines::~Deadlines() {
  thread_.request_stop();
  changed_.notify_all();
}

void Deadlines::set(int socket, std::chrono::milliseconds time) {
  const std::lock_guard lock(mutex_);
  until_[socket] = Clock::now() + time;
}

void Deadlines::clear(int socket) {
  const std::lock_guard lock(mutex_);
  until_.erase(socket);
}

void Deadlines::watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    // Nothing is ever due earlier than a tick from now, so there is nobody to wake this up for.
    changed_.wait_for(lock, stop, std::chrono::milliseconds(500), [] { return false; });
    const auto now = Clock::now();
    for (auto entry = until_.begin(); entry != until_.end();) {
      if (entry->second > now) {
        ++entry;
        continue;
      }
      ::shutdown(entry->first, SHUT_RDWR);
      entry = until_.erase(entry);
    }
  }
}

}  // namespace elanus::server
