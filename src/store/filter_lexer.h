// The words of a filter's text. Inside the room only.
#pragma once
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/filter.h"

namespace elanus::store {

struct FilterToken {
  enum class Kind { end, word, quoted, sign, open, close, comma };
  Kind kind = Kind::end;
  std::string text;  // without its quotes
  size_t at = 0;     // where it begins, in bytes

  // Whether it is this word of the grammar, in capitals or not.
  bool is_word(std::string_view word) const;
  // The number that a word is, all of it.
  template <class Number>
  std::optional<Number> number() const {
    Number number{};
    const char* end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, number);
    if (kind != Kind::word || fault != std::errc() || stop != end) return std::nullopt;
    return number;
  }
};

class FilterLexer {
 public:
  explicit FilterLexer(std::string_view text) : text_(text) {}
  // invalid_argument: a quote that is not closed, or a sign that is none.
  Result<FilterToken> next();

 private:
  Result<FilterToken> quoted();

  std::string_view text_;
  size_t at_ = 0;
};

// The word at hand, and what it can be taken as; each take goes on to the next, or says what was expected
// instead.
class FilterCursor {
 public:
  explicit FilterCursor(std::string_view text) : lexer_(text) {}
  const FilterToken& token() const { return token_; }
  Result<void> advance();  // also to the first
  Result<FilterToken> take();
  Result<Comparison> take_sign();
  Result<int64_t> take_number(const char* expected);
  Result<std::string> take_text();

 private:
  FilterLexer lexer_;
  FilterToken token_;
};

// For messages: "at character 7: expected …, got …".
Error filter_error(const FilterToken& token, const std::string& expected);

}  // namespace elanus::store
