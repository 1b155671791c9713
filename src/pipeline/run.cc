#include "pipeline/run.h"

#include <algorithm>
#include <exception>
#include <new>

namespace elanus::pipeline {
namespace {

constexpr size_t kFirstFailures = 10;

}  // namespace

std::string StageLine::name() const {
  std::string text = verb;
  for (size_t i = 0; i < names.size(); ++i) {
    text += i == 0 ? " " : has_output && i + 1 == names.size() ? " -> " : ", ";
    text += names[i];
  }
  return text;
}

void StageLine::add_to(std::vector<StageReport>& lines) const {
  lines.push_back({name(), rows_in, rows_out, failed, watch.seconds()});
}

bool Run::fail(StageLine& line, uint64_t row, const Error& error) {
  ++line.failed;
  std::lock_guard lock(mutex_);
  ++failed_;
  // A prefetch may be ahead, so failures do not come by row; the ones kept are the first of the source.
  const auto after = [](uint64_t number, const Failure& failure) { return number < failure.row; };
  const auto place = std::upper_bound(failures_.begin(), failures_.end(), row, after);
  const bool keep_all = options_.on_error == OnError::collect;
  if (keep_all || place != failures_.end() || failures_.size() < kFirstFailures)
    failures_.insert(place, {row, line.name(), error});
  if (!keep_all && failures_.size() > kFirstFailures) failures_.pop_back();
  return options_.on_error != OnError::stop;
}

void Run::break_off(Error error) {
  std::lock_guard lock(mutex_);
  if (!broken_) broken_ = std::move(error);
}

bool Run::is_over() {
  std::lock_guard lock(mutex_);
  return broken_ || (options_.on_error == OnError::stop && failed_ > 0);
}

Result<Report> Run::take_report(std::vector<StageReport> stages, uint64_t rows) && {
  if (broken_) return std::move(*broken_);
  if (options_.on_error == OnError::stop && failed_ > 0) {
    Failure& first = failures_.front();
    return std::move(first.error).within("row " + std::to_string(first.row) + " (" + first.stage + ")");
  }
  Report report;
  report.rows = rows;
  report.failed = failed_;
  report.failures = std::move(failures_);
  report.stages = std::move(stages);
  report.stopped = stopped_;
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  return report;
}

Error current_error() {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return {ErrorKind::too_large, "there is not enough memory"};
  } catch (const std::exception& error) {
    return {ErrorKind::io, error.what()};
  } catch (...) {
    return {ErrorKind::io, "the operator threw something that is not a std::exception"};
  }
}

}  // namespace elanus::pipeline
