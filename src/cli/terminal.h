// What the program says and to whom: results to stdout, everything else to stderr.
#pragma once
#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.h"
#include "io/path_json.h"
#include "preview/text.h"

namespace elanus::cli {

// One line to stderr.
void say(const std::string& line);

// "elanus: what went wrong" to stderr, and the exit code for it: kWrongCall for a call that makes no sense, kInterrupted
// for cancelled, else kFailed.
int fail(const Error& error);

// Prints one JSON document and a newline. Bytes that are not UTF-8 become U+FFFD.
void print_json(const nlohmann::json& document);

using io::add_path;
using preview::printable;

// "1 picture", "2,345 pictures".
std::string counted(uint64_t n, const std::string& noun);

// Count, rate and time left: one line rewritten in place on a terminal, else a plain line every ten seconds.
class ProgressLine {
 public:
  explicit ProgressLine(std::string verb);
  ~ProgressLine();
  void show(uint64_t done, uint64_t total, uint64_t failed);

 private:
  using Clock = std::chrono::steady_clock;
  const std::string verb_;
  const bool terminal_;
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point last_ = begin_;
  bool drawn_ = false;
};

// 75 -> "1m 15s".
std::string duration_words(double seconds);

}  // namespace elanus::cli
