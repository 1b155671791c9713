// The verbs that run a pipeline.
#pragma once
#include <string_view>
#include <tuple>
#include <vector>

#include "pipeline/sink.h"

namespace elanus::pipeline {

// Pulls every row and hands it to `each`, which returns false to end the run; then `at_end`. All threads have
// ended when it returns.
template <class R, class Each, class AtEnd>
Result<Report> drain(Stage<R>& last, const Options& options, StageLine& line, const Each& each,
                     const AtEnd& at_end) {
  Run run(options);
  try {
    while (std::optional<R> row = last.next(run)) {
      ++line.rows_in;
      if (!each(run, std::move(*row))) break;
    }
    at_end(run);
  } catch (...) {
    run.break_off(current_error());
  }
  std::vector<StageReport> lines;
  last.finish(lines);
  line.add_to(lines);
  return std::move(run).take_report(std::move(lines), line.rows_out);
}

inline constexpr auto kNothing = [](Run&) {};

template <auto... N, class R, class Call>
Result<Report> run_for_each(StagePtr<R> last, const Options& options, Call& call) {
  if constexpr (!require_columns<R, N...>()) {
    return Report{};
  } else if constexpr (!std::is_invocable_v<Call&, TypeOf<R, N>...>) {
    (void)OperatorDoesNotTake<Call, TypeOf<R, N>...>{};
    return Report{};
  } else {
    StageLine line{"for_each", kText<N...>};
    const auto each = [&](Run& run, R&& row) {
      std::optional<Error> error;
      const uint64_t number = row.number;
      const auto done = line.watch.time([&] {
        return attempt<bool>(error, [&]() -> Result<bool> {
          if constexpr (Unwrapped<std::invoke_result_t<Call&, TypeOf<R, N>...>>::fallible)
            TRY(std::invoke(call, std::move(at<N>(row))...));
          else
            std::invoke(call, std::move(at<N>(row))...);
          return true;
        });
      });
      if (!done) return run.fail(line, number, *error);
      ++line.rows_out;
      return true;
    };
    return drain(*last, options, line, each, kNothing);
  }
}

template <auto... N, class R, class S>
Result<Report> run_into(StagePtr<R> last, const Options& options, S& sink) {
  if constexpr (!require_columns<R, N...>() || !require_distinct<N...>()) {
    return Report{};
  } else if constexpr (!Sink<S, TypeOf<R, N>...>) {
    (void)NotASink<S, TypeOf<R, N>...>{};
    return Report{};
  } else {
    StageLine line{"into", kText<N...>};
    SinkRows<R, S, N...> rows(sink);
    return drain(
        *last, options, line, [&](Run& run, R&& row) { return rows.take(run, line, std::move(row)); },
        [&](Run& run) { rows.flush(run, line); });
  }
}

// One column is its value, several are a tuple of theirs.
template <class R, auto... N>
struct Taken {
  using type = std::tuple<TypeOf<R, N>...>;
};
template <class R, auto N>
struct Taken<R, N> {
  using type = TypeOf<R, N>;
};

template <auto... N, class R>
auto run_collect(StagePtr<R> last, const Options& options) {
  if constexpr (!require_columns<R, N...>()) {
    return Result<Collected<int>>(Collected<int>{});
  } else {
    using T = typename Taken<R, N...>::type;
    return [&]() -> Result<Collected<T>> {
      StageLine line{"collect", kText<N...>};
      Collected<T> all;
      const auto each = [&](Run&, R&& row) {
        all.rows.push_back(T(std::move(at<N>(row))...));
        ++line.rows_out;
        return true;
      };
      all.report = TRY(drain(*last, options, line, each, kNothing));
      return all;
    }();
  }
}

template <auto N, class R>
auto run_get(StagePtr<R> last, Options options) {
  if constexpr (!require_columns<R, N>()) {
    return Result<int>(0);
  } else {
    return [&]() -> Result<TypeOf<R, N>> {
      StageLine line{"get", kText<N>};
      std::optional<TypeOf<R, N>> value;
      const auto each = [&](Run&, R&& row) {
        if (++line.rows_out == 1) value = std::move(at<N>(row));
        return line.rows_out == 1;
      };
      options.on_error = OnError::stop;
      const Report report = TRY(drain(*last, options, line, each, kNothing));
      if (report.stopped) return Error(ErrorKind::cancelled, "stopped before there was a row");
      if (report.rows != 1)
        return invalid_argument(std::string("get is for a pipeline of one row; this one has ") +
                                (report.rows ? "more" : "none"));
      return std::move(*value);
    }();
  }
}

// Whether a display has a cell for each of these types; if not, that is the error.
template <class Display, class... Values>
constexpr bool require_cells() {
  const auto one = []<class V>(const V*) {
    constexpr bool yes = requires(Display & display, const V& value) { display.cell(value); };
    if constexpr (!yes) (void)DisplayCannotDraw<Display, V>{};
    return yes;
  };
  return (one(static_cast<const Values*>(nullptr)) && ...);
}

template <auto... N, class R, class Display>
Result<Report> run_show(StagePtr<R> last, const Options& options, Display& display, size_t limit) {
  if constexpr (!require_columns<R, N...>()) {
    return Report{};
  } else if constexpr (!require_cells<Display, TypeOf<R, N>...>()) {
    return Report{};
  } else {
    StageLine line{"show", kText<N...>};
    display.begin(kText<N...>);
    const auto each = [&](Run&, R&& row) {
      display.row({display.cell(std::as_const(at<N>(row)))...});
      return ++line.rows_out < limit;
    };
    Report report = TRY(drain(*last, options, line, each, kNothing));
    TRY(display.end());
    return report;
  }
}

}  // namespace elanus::pipeline
