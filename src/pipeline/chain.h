// Pipeline<Row>: the verbs. pipeline.h says how they fit together.
#pragma once
#include <algorithm>

#include "pipeline/ends.h"
#include "pipeline/verbs.h"

namespace elanus::pipeline {

template <class R>
class Pipeline;

template <class... C>
class [[nodiscard]] Pipeline<Row<C...>> {
  using R = Row<C...>;

 public:
  explicit Pipeline(StagePtr<R> last, Options options = {}, unsigned workers = 1)
      : last_(std::move(last)), options_(std::move(options)), workers_(workers) {}

  // The map, flat_map and filter stages after this call n rows at once. All stages share as many threads as
  // the largest n; map_batch calls one batch at a time, because an operator on batches brings its own
  // threads.
  Pipeline parallel(unsigned n) && {
    workers_ = n;
    return std::move(*this);
  }

  // A thread of its own runs what stands before this, up to n >= 1 rows ahead.
  Pipeline prefetch(size_t n) && {
    return Pipeline(std::make_unique<PrefetchStage<R>>(std::move(last_), std::max<size_t>(n, 1)), options_,
                    workers_);
  }

  // For the whole run, wherever it stands.
  Pipeline on_error(OnError policy) && {
    options_.on_error = policy;
    return std::move(*this);
  }

  // Once a stop is requested, sources give no more rows; what has begun is finished, and the report says so.
  Pipeline stop_on(std::stop_token stop) && {
    options_.stop = std::move(stop);
    return std::move(*this);
  }

  // One value from one row.
  template <Name... N, class Op>
  auto map(Op op) && {
    if constexpr (!require_verb<R, N...>())
      return Stopped{};
    else
      return then(map_stage<N...>(Inputs<N...>{}, std::move(last_), std::move(op), workers_));
  }

  // A value for each row from one call for up to n rows, op(std::span<const T>...): vector<V>,
  // Result<vector<V>> or vector<Result<V>>.
  template <Name... N, class Op>
  auto map_batch(size_t n, Op op) && {
    if constexpr (!require_verb<R, N...>())
      return Stopped{};
    else
      return then(batch_stage<N...>(Inputs<N...>{}, std::move(last_), n, std::move(op)));
  }

  // A row for each element of the range that the operator returns; the other columns are copied.
  template <Name... N, class Op>
  auto flat_map(Op op) && {
    if constexpr (!require_verb<R, N...>())
      return Stopped{};
    else
      return then(flat_map_stage<N...>(Inputs<N...>{}, std::move(last_), std::move(op), workers_));
  }

  // One row for each window: rows 0 to size-1, step to step+size-1, and so on; the last ones are shorter. It
  // is the window's first row with the value of op(std::span<const T>...).
  template <Name... N, class Op>
  auto window(size_t size, size_t step, Op op) && {
    if constexpr (!require_verb<R, N...>())
      return Stopped{};
    else
      return then(window_stage<N...>(Inputs<N...>{}, std::move(last_), size, step, std::move(op)));
  }

  // The rows for which the predicate of these columns is true.
  template <Name... N, class Op>
  auto filter(Op op) && {
    if constexpr (!require_columns<R, N...>())
      return Stopped{};
    else
      return then(filter_stage(Names<N...>{}, std::move(last_), std::move(op), workers_));
  }

  // These columns only, in this order. What is dropped is freed.
  template <Name... N>
  auto select() && {
    if constexpr (!require_columns<R, N...>() || !require_distinct<N...>())
      return Stopped{};
    else
      return then(StagePtr<Selected<R, N...>>(
          std::make_unique<SelectStage<Selected<R, N...>, R, N...>>(std::move(last_))));
  }

  // These rows, then those of `after`, which has the same columns. This pipeline's on_error and stop_on hold
  // for both.
  template <class Other>
  auto concat(Pipeline<Other> after) && {
    if constexpr (!std::is_same_v<Other, R>) {
      (void)OtherColumns<R, Other>{};
      return Stopped{};
    } else {
      return then(StagePtr<R>(std::make_unique<ConcatStage<R>>(std::move(last_), std::move(after.last_))));
    }
  }

  // Runs: f(values...) for each row, in order, on this thread; f may return Result<void> and need not be
  // const.
  template <Name... N, class Call>
  Result<Report> for_each(Call&& f) && {
    return run_for_each<N...>(std::move(last_), options_, f);
  }

  // Runs: the rows into a sink, batch by batch.
  template <Name... N, class S>
  Result<Report> into(S&& sink) && {
    return run_into<N...>(std::move(last_), options_, sink);
  }

  // Runs: Collected{rows, report}. A row is the value of the one column named, or a tuple of several; no name
  // means all.
  template <Name... N>
  auto collect() && {
    if constexpr (sizeof...(N) == 0)
      return run_collect<C::key...>(std::move(last_), options_);
    else
      return run_collect<N...>(std::move(last_), options_);
  }

  // Runs a pipeline of one row: its value. A failure is its error; invalid_argument when there is not exactly
  // one row.
  template <Name N>
  auto get() && {
    return run_get<N>(std::move(last_), options_);
  }

  // Runs: up to `limit` rows into a display, as operators/show.h has them; no name means all columns. A
  // display has begin(names), cell(value) for what it can draw, row({cells}), and end(), a Result<void>.
  template <Name... N, class Display>
  Result<Report> show(Display&& display, size_t limit = 10) && {
    if constexpr (sizeof...(N) == 0)
      return run_show<C::key...>(std::move(last_), options_, display, limit);
    else
      return run_show<N...>(std::move(last_), options_, display, limit);
  }

 private:
  template <class>
  friend class Pipeline;
  template <auto... N>
  using Inputs = typename SplitLast<Names<>, N...>::Inputs;

  static Stopped then(Stopped) { return {}; }
  template <class Next>
  Pipeline<Next> then(std::unique_ptr<Stage<Next>> stage) {
    return Pipeline<Next>(std::move(stage), std::move(options_), workers_);
  }

  StagePtr<R> last_;
  Options options_;
  unsigned workers_;
};

}  // namespace elanus::pipeline
