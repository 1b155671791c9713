// How much of the memory request bodies may take.
#pragma once
#include <atomic>
#include <cstddef>

namespace elanus::server {

// Thread-safety: any method, any thread.
class BodyBudget {
 public:
  // Bytes: of one body, of all together.
  BodyBudget(size_t one, size_t all) : one_(one), all_(all) {}

  // Room for `more` bytes of a body that has room for `has`. 0, else the HTTP status that says why not, and
  // nothing is taken.
  int take(size_t has, size_t more) {
    if (more > one_ - has) return 413;
    if (taken_.fetch_add(more) + more <= all_) return 0;
    taken_ -= more;
    return 503;
  }
  void give_back(size_t bytes) { taken_ -= bytes; }

 private:
  const size_t one_, all_;
  std::atomic<size_t> taken_{0};
};

}  // namespace elanus::server
