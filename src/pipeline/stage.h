// A stage of type Row: something to pull rows from, whatever stands before it.
#pragma once
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "pipeline/mistakes.h"
#include "pipeline/run.h"

namespace elanus::pipeline {

template <class Row>
class Stage {
 public:
  virtual ~Stage() = default;

  // The next row, or nothing: the end, which is for ever.
  std::optional<Row> next(Run& run) {
    if (ended_) return std::nullopt;
    auto row = pull(run);
    if (!row) ended_ = true;
    return row;
  }

  // Ends what works in the background, and appends the lines of the stages before this one, then its own.
  virtual void finish(std::vector<StageReport>& lines) = 0;

 protected:
  // Not called again after it has returned nothing.
  virtual std::optional<Row> pull(Run& run) = 0;

 private:
  bool ended_ = false;
};

template <class Row>
using StagePtr = std::unique_ptr<Stage<Row>>;

template <class T>
struct Unwrapped {
  using type = T;
  static constexpr bool fallible = false;
};
template <class T>
struct Unwrapped<Result<T>> {
  using type = T;
  static constexpr bool fallible = true;
};

// What an operator gives for these values, out of its Result if it returns one.
template <class Op, class... Values>
using Given = typename Unwrapped<std::remove_cvref_t<std::invoke_result_t<const Op&, Values...>>>::type;

// Something to go through with a range-for; a string is a value.
template <class V>
inline constexpr bool kIsRange = !std::is_convertible_v<V, std::string_view> && requires(V & v) {
  std::begin(v) != std::end(v);
};
template <class V>
using ElementOf = std::remove_cvref_t<decltype(*std::begin(std::declval<V&>()))>;

// The value of `call()`, which may be a Result<V>, return V or throw; or nothing, and the error.
template <class V, class Call>
std::optional<V> attempt(std::optional<Error>& error, const Call& call) noexcept {
  try {
    if constexpr (Unwrapped<std::remove_cvref_t<decltype(call())>>::fallible) {
      auto result = call();
      if (result.ok()) return std::move(result).value();
      error = std::move(result).error();
    } else {
      return call();
    }
  } catch (...) {
    error = current_error();
  }
  return std::nullopt;
}

// The operator's call with the columns In of a row.
template <class V, auto... In, class Op, class R>
std::optional<V> call_with(const Op& op, const R& row, std::optional<Error>& error) noexcept {
  return attempt<V>(error, [&]() -> decltype(auto) { return std::invoke(op, at<In>(row)...); });
}

}  // namespace elanus::pipeline
