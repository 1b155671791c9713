// What a run of a pipeline tells its caller.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace elanus::pipeline {

// What becomes of a row whose operator fails.
enum class OnError {
  stop,     // rows before it arrive, then the run ends with its error
  skip,     // the row is left out, counted, and the first few failures are kept
  collect,  // as skip, and every failure is kept: memory grows with their number
};

struct Failure {
  uint64_t row = 0;   // position in the source, from 0
  std::string stage;  // "map path -> img"
  Error error;
};

// One stage, in the order of the chain. Times of calls below 2 us are measured one in 16 and stand for the
// others.
struct StageReport {
  std::string stage;
  uint64_t rows_in = 0, rows_out = 0, failed = 0;
  double seconds = 0;  // inside the operator, summed over threads
};

struct Report {
  uint64_t rows = 0;              // reached the end of the pipeline
  uint64_t failed = 0;            // rows left out because an operator failed
  std::vector<Failure> failures;  // by row; the first 10, or all with OnError::collect
  std::vector<StageReport> stages;
  bool stopped = false;  // a stop was asked for: what had begun is done, the rest of the source was not read
  double seconds = 0;    // wall
};

// The rows that arrived, and what became of the others.
template <class T>
struct Collected {
  std::vector<T> rows;
  Report report;
};

// The report as a table for a person, one line a stage, then the failures.
std::string to_text(const Report& report);

}  // namespace elanus::pipeline
