// How long to wait for a server that does not answer, and how long between two attempts.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace elanus::store_milvus {

struct Patience {
  std::chrono::milliseconds call{30'000};    // one attempt
  std::chrono::milliseconds contact{5'000};  // the first answer of the server
  std::chrono::milliseconds restart{
      60'000};                              // a server that has answered before: attempts and waits together
  std::chrono::milliseconds load{600'000};  // a collection being loaded into memory
};

// "Decorrelated jitter": each wait is drawn from base..3 * the wait before, at most `longest`, so that many
// clients of a server that comes back do not all ask at once (M. Brooker, "Exponential Backoff And Jitter",
// 2015).
class Backoff {
 public:
  explicit Backoff(uint64_t seed, std::chrono::milliseconds base = std::chrono::milliseconds(50),
                   std::chrono::milliseconds longest = std::chrono::milliseconds(3'000))
      : base_(base), longest_(longest), wait_(base), random_(seed) {}

  std::chrono::milliseconds next() {
    std::uniform_int_distribution<int64_t> draw(base_.count(), wait_.count() * 3);
    wait_ = std::min(longest_, std::chrono::milliseconds(draw(random_)));
    return wait_;
  }

 private:
  const std::chrono::milliseconds base_, longest_;
  std::chrono::milliseconds wait_;
  std::minstd_rand random_;
};

}  // namespace elanus::store_milvus
