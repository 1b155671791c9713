// The ends of a pipeline that see rows in batches.
#pragma once
#include <concepts>
#include <span>
#include <vector>

#include "pipeline/batch_stages.h"

namespace elanus::pipeline {

// A sink writes some rows at once: one span for each column, all of one length <= batch_size(). It returns
// Result<void> (all rows or none), or a Result<void> for each row. Only one thread calls it.
template <class S, class... Values>
concept Sink = requires(S& sink, std::span<const Values>... columns) {
  { sink.batch_size() } -> std::convertible_to<size_t>;
  sink(columns...);
}
&&(std::same_as<std::invoke_result_t<S&, std::span<const Values>...>, Result<void>> ||
   std::same_as<std::invoke_result_t<S&, std::span<const Values>...>, std::vector<Result<void>>>);

// Rows on their way to a sink.
template <class R, class S, auto... N>
class SinkRows {
 public:
  explicit SinkRows(S& sink) : sink_(sink) {}

  // False when the run is over.
  bool take(Run& run, StageLine& line, R&& row) {
    columns_.take(row);
    numbers_.push_back(row.number);
    return numbers_.size() < static_cast<size_t>(sink_.batch_size()) || flush(run, line);
  }

  bool flush(Run& run, StageLine& line) {
    if (numbers_.empty()) return true;
    std::optional<Error> error;
    const auto answers =
        line.watch.time([&] { return attempt<std::vector<Result<void>>>(error, [&] { return write(); }); });
    bool go_on = true;
    for (size_t i = 0; i < numbers_.size(); ++i) {
      if (answers && (*answers)[i].ok())
        ++line.rows_out;
      else if (go_on)
        go_on = run.fail(line, numbers_[i], answers ? (*answers)[i].error() : *error);
    }
    columns_.drop(numbers_.size());
    numbers_.clear();
    return go_on;
  }

 private:
  Result<std::vector<Result<void>>> write() {
    auto answer = columns_.call(sink_, numbers_.size());
    if constexpr (std::same_as<decltype(answer), Result<void>>) {
      TRY(std::move(answer));
      return std::vector<Result<void>>(numbers_.size());
    } else {
      if (answer.size() != numbers_.size())
        return invalid_argument("the sink gave " + std::to_string(answer.size()) + " answers for " +
                                std::to_string(numbers_.size()) + " rows");
      return answer;
    }
  }

  S& sink_;
  Columns<R, N...> columns_;
  std::vector<uint64_t> numbers_;
};

}  // namespace elanus::pipeline
