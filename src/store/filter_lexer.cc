#include "store/filter_lexer.h"

#include <algorithm>
#include <utility>

namespace elanus::store {
namespace {

constexpr std::string_view kBlank = " \t\r\n", kSigns = "=!<>", kNotInWords = " \t\r\n\"'(),=!<>";

}  // namespace

bool FilterToken::is_word(std::string_view word) const {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return kind == Kind::word && std::equal(text.begin(), text.end(), word.begin(), word.end(),
                                          [&](char a, char b) { return lower(a) == b; });
}

Error filter_error(const FilterToken& token, const std::string& expected) {
  std::string got = token.kind == FilterToken::Kind::end ? "its end" : "\"" + token.text.substr(0, 40) + "\"";
  return {ErrorKind::invalid_argument,
          "the filter, at byte " + std::to_string(token.at + 1) + ": expected " + expected + ", got " + got};
}

Result<FilterToken> FilterLexer::next() {
  using Kind = FilterToken::Kind;
  at_ = std::min(text_.find_first_not_of(kBlank, at_), text_.size());
  if (at_ == text_.size()) return FilterToken{Kind::end, "", at_};
  const size_t begin = at_;
  const char c = text_[begin];
  if (c == '"' || c == '\'') return quoted();
  if (c == '(' || c == ')' || c == ',') {
    ++at_;
    return FilterToken{c == '('   ? Kind::open
                       : c == ')' ? Kind::close
                                  : Kind::comma,
                       std::string(1, c), begin};
  }
  const bool sign = kSigns.find(c) != std::string_view::npos;
  at_ = std::min(sign ? text_.find_first_not_of(kSigns, begin) : text_.find_first_of(kNotInWords, begin),
                 text_.size());
  FilterToken token{sign ? Kind::sign : Kind::word, std::string(text_.substr(begin, at_ - begin)), begin};
  if (sign && token.text == "==") token.text = "=";
  if (sign && token.text == "<>") token.text = "!=";
  return token;
}

Result<FilterToken> FilterLexer::quoted() {
  FilterToken token{FilterToken::Kind::quoted, "", at_};
  const char quote = text_[at_++];
  for (; at_ < text_.size(); ++at_) {
    if (text_[at_] == quote) {
      ++at_;
      return token;
    }
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (text_[at_] == '\\' && (next == '"' || next == '\'' || next == '\\')) ++at_;
    token.text += text_[at_];
  }
  return filter_error(token, std::string("a closing ") + quote);
}

Result<void> FilterCursor::advance() {
  token_ = TRY(lexer_.next());
  return {};
}

Result<FilterToken> FilterCursor::take() {
  FilterToken taken = std::move(token_);
  TRY(advance());
  return taken;
}

Result<Comparison> FilterCursor::take_sign() {
  constexpr std::pair<std::string_view, Comparison> kComparisons[] = {
      {"=", Comparison::eq},  {"!=", Comparison::ne}, {"<", Comparison::lt},
      {"<=", Comparison::le}, {">", Comparison::gt},  {">=", Comparison::ge}};
  for (const auto& [sign, comparison] : kComparisons)
    if (token_.kind == FilterToken::Kind::sign && token_.text == sign) {
      TRY(advance());
      return comparison;
    }
  return filter_error(token_, "=, !=, <, <=, > or >=");
}

Result<int64_t> FilterCursor::take_number(const char* expected) {
  const auto number = token_.number<int64_t>();
  if (!number) return filter_error(token_, expected);
  TRY(advance());
  return *number;
}

Result<std::string> FilterCursor::take_text() {
  if (token_.kind != FilterToken::Kind::word && token_.kind != FilterToken::Kind::quoted)
    return filter_error(token_, "a word or \"a text\"");
  return TRY(take()).text;
}

}  // namespace elanus::store
