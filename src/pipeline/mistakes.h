// The compile errors are part of the interface: each mistake is one failed assertion whose words say what to
// do and whose type carries the names; the rest of the chain is mute. tests/mistakes checks every one of
// them.
#pragma once
#include <functional>
#include <type_traits>
#include <vector>

#include "base/result.h"
#include "pipeline/report.h"
#include "pipeline/row.h"

namespace elanus::pipeline {

template <class...>
inline constexpr bool kNever = false;
template <auto...>
inline constexpr bool kNeverNamed = false;

template <Name Wanted, Name... Here>
struct NoColumn {
  static_assert(
      kNeverNamed<Wanted>,
      "pipeline: the first name of NoColumn<...> is not among the columns at this point, which follow it");
};
template <Name... N>
struct NamedTwice {
  static_assert(kNeverNamed<N...>, "pipeline: a column is named twice");
};
template <Name... N>
struct NeedsInputAndOutput {
  static_assert(kNeverNamed<N...>,
                "pipeline: name the inputs and, last, the output: map<\"path\", \"img\">(...)");
};
template <class Op, class... Values>
struct OperatorDoesNotTake {
  static_assert(kNever<Op>,
                "pipeline: the operator, the first type of OperatorDoesNotTake<...>, cannot be called with "
                "the columns' types, which follow it");
};
template <class Op>
struct OperatorIsNotConst {
  static_assert(kNever<Op>,
                "pipeline: an operator may be called from several threads at once, so its call must be const "
                "(no mutable lambda)");
};
template <class Op>
struct OperatorGivesNothing {
  static_assert(
      kNever<Op>,
      "pipeline: the operator returns nothing that could become a column; for_each is the verb for that");
};
template <class Op, class Value>
struct OperatorGivesNoRange {
  static_assert(
      kNever<Op>,
      "pipeline: the operator must return a range (map_batch: a value for each row; flat_map: the new rows)");
};
template <class Op, class Value>
struct PredicateGivesNoBool {
  static_assert(kNever<Op>, "pipeline: the predicate of filter must return bool or Result<bool>");
};
template <Name... N>
struct RowsAreNotCopyable {
  static_assert(kNeverNamed<N...>,
                "pipeline: flat_map copies the other columns into each new row, and one of them cannot be "
                "copied; select what you need first");
};
template <class Mine, class Other>
struct OtherColumns {
  static_assert(kNever<Mine>,
                "pipeline: concat needs two pipelines with the same columns; select makes them so");
};
template <class Sink, class... Values>
struct NotASink {
  static_assert(kNever<Sink>,
                "pipeline: into needs a sink: batch_size() and a call with one span for each column; for one "
                "call per row there is for_each");
};
template <class Display, class Value>
struct DisplayCannotDraw {
  static_assert(kNever<Display>,
                "pipeline: the display has no cell() for a column of this type; select what it can draw");
};
template <class Value>
struct ElementsDoNotFit {
  static_assert(kNever<Value>,
                "pipeline: from with several names needs elements of as many parts (std::tuple, std::pair, "
                "std::array)");
};

// What a chain is after a mistake: takes every verb and says nothing more.
struct Stopped {
  template <Name...>
  Stopped map(auto&&...) {
    return {};
  }
  template <Name...>
  Stopped map_batch(auto&&...) {
    return {};
  }
  template <Name...>
  Stopped flat_map(auto&&...) {
    return {};
  }
  template <Name...>
  Stopped filter(auto&&...) {
    return {};
  }
  template <Name...>
  Stopped window(auto&&...) {
    return {};
  }
  template <Name...>
  Stopped select() {
    return {};
  }
  Stopped concat(auto&&) { return {}; }
  Stopped parallel(auto&&) { return {}; }
  Stopped prefetch(auto&&) { return {}; }
  Stopped on_error(auto&&) { return {}; }
  Stopped stop_on(auto&&) { return {}; }
  template <Name...>
  Result<Report> into(auto&&...) {
    return Report{};
  }
  template <Name...>
  Result<Report> for_each(auto&&...) {
    return Report{};
  }
  template <Name...>
  Result<Report> show(auto&&...) {
    return Report{};
  }
  template <Name...>
  Result<Collected<int>> collect() {
    return Collected<int>{};
  }
  template <Name...>
  Result<int> get() {
    return 0;
  }
};

template <Name Wanted, class... C>
constexpr bool require_one(const Row<C...>*) {
  if constexpr (!kHasColumn<Row<C...>, Wanted>) (void)NoColumn<Wanted, C::key...>{};
  return kHasColumn<Row<C...>, Wanted>;
}

// Whether row R has these columns; if not, that is the error.
template <class R, auto... N>
constexpr bool require_columns() {
  return (require_one<N>(static_cast<const R*>(nullptr)) && ...);
}

template <auto... N>
constexpr bool require_distinct() {
  if constexpr (!kDistinct<N...>) (void)NamedTwice<N...>{};
  return kDistinct<N...>;
}

// Whether `const Op&` can be called with these; if not, that is the error.
template <class Op, class... Values>
constexpr bool require_call() {
  constexpr bool yes = std::is_invocable_v<const Op&, Values...>;
  if constexpr (!yes && std::is_invocable_v<Op&, Values...>)
    (void)OperatorIsNotConst<Op>{};
  else if constexpr (!yes)
    (void)OperatorDoesNotTake<Op, std::remove_cvref_t<Values>...>{};
  return yes;
}

}  // namespace elanus::pipeline
