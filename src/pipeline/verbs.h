// From a verb's words to its stage, or to Stopped when the words make no sense. Pipeline's members call
// these.
#pragma once
#include <iterator>

#include "pipeline/batch_stages.h"
#include "pipeline/call_stage.h"
#include "pipeline/flow_stages.h"

namespace elanus::pipeline {

// The columns of a verb that makes one: found in R, the inputs distinct.
template <class R, auto... In>
constexpr bool require_inputs(Names<In...>) {
  return require_columns<R, In...>() && require_distinct<In...>();
}
template <class R, auto... N>
constexpr bool require_verb() {
  if constexpr (sizeof...(N) < 2) {
    (void)NeedsInputAndOutput<N...>{};
    return false;
  } else {
    return require_inputs<R>(typename SplitLast<Names<>, N...>::Inputs{});
  }
}

template <auto... N>
StageLine verb_line(const char* verb) {
  return {verb, kText<N...>, true};
}

template <auto... N, auto... In, class R, class Op>
auto map_stage(Names<In...>, StagePtr<R> before, Op op, unsigned workers) {
  constexpr auto out = SplitLast<Names<>, N...>::output;
  if constexpr (!require_call<Op, const TypeOf<R, In>&...>()) {
    return Stopped{};
  } else {
    using V = Given<Op, const TypeOf<R, In>&...>;
    if constexpr (std::is_void_v<V>) {
      (void)OperatorGivesNothing<Op>{};
      return Stopped{};
    } else {
      using Next = With<R, out, V>;
      using Map = CallStage<R, Next, V, Append<R, Next, out>, Op, In...>;
      return StagePtr<Next>(
          std::make_unique<Map>(std::move(before), std::move(op), workers, verb_line<N...>("map")));
    }
  }
}

template <auto... N, auto... In, class R, class Op>
auto flat_map_stage(Names<In...>, StagePtr<R> before, Op op, unsigned workers) {
  constexpr auto out = SplitLast<Names<>, N...>::output;
  if constexpr (!require_call<Op, const TypeOf<R, In>&...>()) {
    return Stopped{};
  } else {
    using V = Given<Op, const TypeOf<R, In>&...>;
    if constexpr (!kIsRange<V>) {
      (void)OperatorGivesNoRange<Op, V>{};
      return Stopped{};
    } else if constexpr (!std::is_copy_constructible_v<R>) {
      (void)RowsAreNotCopyable<In...>{};
      return Stopped{};
    } else {
      using Element = ElementOf<V>;
      using Next = With<R, out, Element>;
      using FlatMap = CallStage<R, Next, V, Expand<R, Next, out, Element>, Op, In...>;
      return StagePtr<Next>(
          std::make_unique<FlatMap>(std::move(before), std::move(op), workers, verb_line<N...>("flat_map")));
    }
  }
}

template <auto... In, class R, class Op>
auto filter_stage(Names<In...>, StagePtr<R> before, Op op, unsigned workers) {
  if constexpr (!require_call<Op, const TypeOf<R, In>&...>()) {
    return Stopped{};
  } else {
    using V = Given<Op, const TypeOf<R, In>&...>;
    if constexpr (!std::is_convertible_v<V, bool>) {
      (void)PredicateGivesNoBool<Op, V>{};
      return Stopped{};
    } else {
      using Filter = CallStage<R, R, bool, Keep<R>, Op, In...>;
      return StagePtr<R>(std::make_unique<Filter>(std::move(before), std::move(op), workers,
                                                  StageLine{"filter", kText<In...>}));
    }
  }
}

template <auto... N, auto... In, class R, class Op>
auto batch_stage(Names<In...>, StagePtr<R> before, size_t size, Op op) {
  constexpr auto out = SplitLast<Names<>, N...>::output;
  if constexpr (!require_call<Op, std::span<const TypeOf<R, In>>...>()) {
    return Stopped{};
  } else {
    using V = Given<Op, std::span<const TypeOf<R, In>>...>;
    if constexpr (!kIsRange<V>) {
      (void)OperatorGivesNoRange<Op, V>{};
      return Stopped{};
    } else {
      using Next = With<R, out, typename Unwrapped<ElementOf<V>>::type>;
      using Batch = BatchStage<Next, R, V, Op, out, In...>;
      return StagePtr<Next>(
          std::make_unique<Batch>(std::move(before), std::move(op), size, verb_line<N...>("map_batch")));
    }
  }
}

template <auto... N, auto... In, class R, class Op>
auto window_stage(Names<In...>, StagePtr<R> before, size_t size, size_t step, Op op) {
  constexpr auto out = SplitLast<Names<>, N...>::output;
  if constexpr (!require_call<Op, std::span<const TypeOf<R, In>>...>()) {
    return Stopped{};
  } else {
    using V = Given<Op, std::span<const TypeOf<R, In>>...>;
    if constexpr (std::is_void_v<V>) {
      (void)OperatorGivesNothing<Op>{};
      return Stopped{};
    } else {
      using Next = With<R, out, V>;
      using Slide = WindowStage<Next, R, V, Op, out, In...>;
      return StagePtr<Next>(
          std::make_unique<Slide>(std::move(before), std::move(op), size, step, verb_line<N...>("window")));
    }
  }
}

}  // namespace elanus::pipeline
