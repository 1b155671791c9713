// A download's progress: bytes, rate and time left, one line rewritten in place on a terminal, else one every
// ten seconds.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace elanus::cli {

// 605143284 -> "605 MB", 1710000000 -> "1.71 GB".
std::string bytes_words(uint64_t bytes);

class ByteProgress {
 public:
  ByteProgress();
  ~ByteProgress();
  // total is 0 when not known. What was there before the first call does not count for the rate.
  void show(const std::string& what, uint64_t done, uint64_t total);

 private:
  using Clock = std::chrono::steady_clock;
  const bool terminal_;
  bool begun_ = false, drawn_ = false;
  uint64_t first_ = 0;
  Clock::time_point begin_, last_;
};

}  // namespace elanus::cli
