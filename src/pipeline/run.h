// One run of a pipeline: what its stages share.
#pragma once
#include <chrono>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/pool.h"
#include "pipeline/report.h"

namespace elanus::pipeline {

struct Options {
  OnError on_error = OnError::stop;
  std::stop_token stop;
};

// Times calls. Two looks at the clock cost more than a quick operator, so quick calls are sampled.
class Stopwatch {
 public:
  template <class Call>
  auto time(Call&& call) {
    if (skip_ > 0) {
      --skip_;
      return call();
    }
    const auto begin = Clock::now();
    auto value = call();
    add(Clock::now() - begin);
    return value;
  }
  void add(std::chrono::nanoseconds took) {
    const unsigned stands_for = took < std::chrono::microseconds(2) ? 16 : 1;
    total_ += took * stands_for;
    skip_ = stands_for - 1;
  }
  void add_exact(std::chrono::nanoseconds took) { total_ += took; }
  double seconds() const { return std::chrono::duration<double>(total_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  std::chrono::nanoseconds total_{0};
  unsigned skip_ = 0;
};

// A stage's own line of the report. Touched by the one thread that pulls the stage, read when the run is
// over.
struct StageLine {
  const char* verb;                         // "map"
  std::span<const std::string_view> names;  // inputs and output
  bool has_output = false;                  // the last name is the output
  uint64_t rows_in = 0, rows_out = 0, failed = 0;
  Stopwatch watch = {};

  std::string name() const;  // "map path -> img"
  void add_to(std::vector<StageReport>& lines) const;
};

// Thread-safety: `fail`, `break_off`, `is_over` and `pool`, from any thread.
class Run {
 public:
  explicit Run(const Options& options) : options_(options) {}

  // These two are the sources' alone; they are read one after the other.
  // Whether a source may give one more row; false once a stop was asked for.
  bool read_on() {
    stopped_ = options_.stop.stop_requested();
    return !stopped_;
  }
  uint64_t next_number() { return rows_read_++; }

  // Takes note of a row that failed; true when the run goes on without it.
  bool fail(StageLine& line, uint64_t row, const Error& error);

  // Takes note of something that ends the run whatever the policy: no memory, no thread.
  void break_off(Error error);

  // Whether a failure has ended it.
  bool is_over();

  Pool& pool() { return pool_; }

  // When everything that worked on the run has ended.
  Result<Report> take_report(std::vector<StageReport> stages, uint64_t rows) &&;

 private:
  const Options options_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  uint64_t rows_read_ = 0;
  bool stopped_ = false;
  std::mutex mutex_;
  uint64_t failed_ = 0;
  std::vector<Failure> failures_;  // by row
  std::optional<Error> broken_;
  Pool pool_;
};

// The exception being handled, as an Error: too_large for std::bad_alloc, else io with its words.
Error current_error();

}  // namespace elanus::pipeline
