// Where rows come from. Reading files is the operators' business.
#pragma once
#include <initializer_list>
#include <string>
#include <tuple>
#include <vector>

#include "pipeline/chain.h"

namespace elanus::pipeline {

template <class T, size_t Parts>
inline constexpr bool kHasParts = requires {
  requires std::tuple_size<T>::value == Parts;
};

template <Name... N, class Range, size_t... I>
auto from_parts(Range range, std::index_sequence<I...>) {
  using R = Row<Column<N, std::tuple_element_t<I, ElementOf<Range>>>...>;
  return Pipeline<R>(std::make_unique<SourceStage<R, Range, N...>>(std::move(range)));
}

// The elements of a range, kept by the pipeline; with several names, the parts of each element (tuple, pair,
// array).
template <Name... N, class Range>
auto from(Range range) {
  using Element = ElementOf<Range>;
  if constexpr (!require_distinct<N...>()) {
    return Stopped{};
  } else if constexpr (sizeof...(N) == 1) {
    using R = Row<Column<N, Element>...>;
    return Pipeline<R>(std::make_unique<SourceStage<R, Range, N...>>(std::move(range)));
  } else if constexpr (!kHasParts<Element, sizeof...(N)>) {
    (void)ElementsDoNotFit<Element>{};
    return Stopped{};
  } else {
    return from_parts<N...>(std::move(range), std::make_index_sequence<sizeof...(N)>());
  }
}

// The values in braces; string literals become std::string.
template <Name N, class T>
auto from(std::initializer_list<T> values) {
  using V = std::conditional_t<std::is_same_v<T, const char*>, std::string, T>;
  return from<N>(std::vector<V>(values.begin(), values.end()));
}

// A pipeline of one row.
template <Name N, class T>
auto one(T value) {
  std::vector<T> values;
  values.push_back(std::move(value));
  return from<N>(std::move(values));
}

}  // namespace elanus::pipeline
