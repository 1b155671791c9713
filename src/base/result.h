// base: what every room needs and nothing that knows about pictures.
//
// Result<T> is a value or an Error; TRY(expr) takes the value or returns the error to the caller. Library code never
// throws on purpose, prints, exits or aborts. Thread-safety: values, like std::optional.
#pragma once
#include <cassert>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace elanus::base {

enum class ErrorKind {
  invalid_argument,  // the call makes no sense: wrong size, unknown name, malformed option
  not_found,         // the named thing does not exist
  already_exists,    // the named thing exists and would be overwritten
  unsupported,       // well-formed, but this build or format does not do it
  corrupt,           // bytes from outside break their own format
  mismatch,          // two good things that do not belong together (another model's store)
  too_large,         // over a documented cap on size, pixels or memory
  permission,        // the operating system refuses
  no_space,          // the disk (or quota) is full
  io,                // any other failure of the operating system
  busy,              // somebody else holds the lock
  cancelled,         // the caller asked to stop
};

enum class ErrorClass { caller, permanent, retry };

// Whose move is it? No default: the compiler asks for a class when a kind is added.
constexpr ErrorClass classify(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid_argument:
    case ErrorKind::not_found:
    case ErrorKind::already_exists:
    case ErrorKind::mismatch:
    case ErrorKind::cancelled: return ErrorClass::caller;
    case ErrorKind::unsupported:
    case ErrorKind::corrupt:
    case ErrorKind::too_large:
    case ErrorKind::permission: return ErrorClass::permanent;
    case ErrorKind::no_space:
    case ErrorKind::io:
    case ErrorKind::busy: return ErrorClass::retry;
  }
  return ErrorClass::permanent;
}

// A stable, lower-case word for each kind, as in --json ("not_found").
const char* to_string(ErrorKind kind);

// One sentence for a person: names the thing, both sides ("expected 512 values, got 768") and what to do.
class Error {
 public:
  Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}
  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }
  // "where: message", the kind kept.
  Error within(const std::string& where) && { return {kind_, where + ": " + message_}; }

 private:
  ErrorKind kind_;
  std::string message_;
};

inline Error invalid_argument(std::string message) { return {ErrorKind::invalid_argument, std::move(message)}; }

// The Error for a failed system call: errno's kind and words, e.g. "cannot open a.jpg: No such file or directory".
Error errno_error(const std::string& what, int errno_value);

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return *get(); }
  const T& value() const& { return *const_cast<Result*>(this)->get(); }
  T&& value() && { return std::move(*get()); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return get(); }
  const T* operator->() const { return const_cast<Result*>(this)->get(); }
  const Error& error() const& { return *fault(); }
  Error&& error() && { return std::move(*const_cast<Error*>(fault())); }

 private:
  T* get() {
    assert(ok());
    return std::get_if<0>(&state_);
  }
  const Error* fault() const {
    assert(!ok());
    return std::get_if<1>(&state_);
  }
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}
  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  void value() const { assert(ok()); }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

// Adds "where: " to the error of a Result, and passes a value through.
template <class T>
Result<T> within(const std::string& where, Result<T> result) {
  if (!result.ok()) return std::move(result).error().within(where);
  return result;
}

}  // namespace elanus::base

namespace elanus {
using base::Error;
using base::ErrorKind;
using base::invalid_argument;
using base::Result;
}  // namespace elanus

// The value of a Result, or an early return of its error. A GNU statement expression: g++ and clang both have it.
// The counter gives each its own name, so that one may stand inside another.
#define TRY(...) ELANUS_TRY_COUNTED(__COUNTER__, __VA_ARGS__)
#define ELANUS_TRY_COUNTED(n, ...) ELANUS_TRY_NAMED(n, __VA_ARGS__)
#define ELANUS_TRY_NAMED(n, ...)                   \
  __extension__({                                  \
    auto&& try_result_##n = (__VA_ARGS__);         \
    if (!try_result_##n.ok()) [[unlikely]]         \
      return std::move(try_result_##n).error();    \
    std::move(try_result_##n).value();             \
  })
