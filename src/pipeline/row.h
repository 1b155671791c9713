// Rows whose type lists their columns: Row<Column<"path", std::string>, Column<"img", Image>>. Everything
// about names is settled by the compiler; at run time a row is a plain struct.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace elanus::pipeline {

// A column's name as a template argument.
template <size_t N>
struct Name {
  char text[N]{};
  constexpr Name(const char (&s)[N]) { std::copy_n(s, N, text); }
  constexpr std::string_view view() const { return {text, N - 1}; }
};

template <Name N, class T>
struct Column {
  static constexpr auto key = N;
  using Value = T;
  T value;
};

template <class... Columns>
struct Row : Columns... {
  uint64_t number = 0;  // position in the source, from 0: how a failure names its row
};

// The value of a column. Overload resolution is the look-up: a row is its columns.
template <Name N, class T>
T& at(Column<N, T>& column) {
  return column.value;
}
template <Name N, class T>
const T& at(const Column<N, T>& column) {
  return column.value;
}

template <class R, Name N>
inline constexpr bool kHasColumn = requires(R& row) {
  at<N>(row);
};
template <class R, Name N>
using TypeOf = std::remove_cvref_t<decltype(at<N>(std::declval<R&>()))>;

template <auto... N>
struct Names {};

// The last name is the output, the ones before it are the inputs.
template <class Inputs, auto... N>
struct SplitLast;
template <auto... In, auto Last>
struct SplitLast<Names<In...>, Last> {
  using Inputs = Names<In...>;
  static constexpr auto output = Last;
};
template <auto... In, auto First, auto Second, auto... Rest>
struct SplitLast<Names<In...>, First, Second, Rest...> : SplitLast<Names<In..., First>, Second, Rest...> {};

template <auto A, auto B>
inline constexpr bool kSameName = std::is_same_v<Names<A>, Names<B>>;
template <auto Wanted, auto... N>
inline constexpr bool kAmong = (kSameName<Wanted, N> || ...);
template <auto... N>
inline constexpr bool kDistinct = true;
template <auto First, auto... Rest>
inline constexpr bool kDistinct<First, Rest...> = !kAmong<First, Rest...> && kDistinct<Rest...>;

// The names as text, for reports.
template <auto... N>
inline constexpr std::array<std::string_view, sizeof...(N)> kText{N.view()...};

// The row with column N of type T: in its old place if there was one, else last.
template <class R, auto N, class T>
struct WithColumn;
template <class... C, auto N, class T>
struct WithColumn<Row<C...>, N, T> {
  using type = std::conditional_t<kAmong<N, C::key...>,
                                  Row<std::conditional_t<kSameName<C::key, N>, Column<N, T>, C>...>,
                                  Row<C..., Column<N, T>>>;
};
template <class R, auto N, class T>
using With = typename WithColumn<R, N, T>::type;

template <auto N, class T, class... C>
With<Row<C...>, N, T> with(Row<C...>&& row, T&& value) {
  if constexpr (kAmong<N, C::key...>) {
    const auto pick = [&]<class Old>(Old& old) {
      if constexpr (kSameName<Old::key, N>)
        return Column<N, T>{std::move(value)};
      else
        return std::move(old);
    };
    return {pick(static_cast<C&>(row))..., row.number};
  } else {
    return {std::move(static_cast<C&>(row))..., {std::move(value)}, row.number};
  }
}

// The row with these columns only.
template <class R, auto... N>
using Selected = Row<Column<N, TypeOf<R, N>>...>;

}  // namespace elanus::pipeline
