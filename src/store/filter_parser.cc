#include "store/filter_parser.h"

#include <cmath>
#include <map>
#include <optional>
#include <string>

#include "store/filter_lexer.h"

namespace elanus::store {
namespace {

using Kind = FilterToken::Kind;

const std::map<std::string, NumberField, std::less<>> kNumbers{
    {"size", NumberField::size}, {"width", NumberField::width}, {"height", NumberField::height}};
const std::map<std::string, NumberField, std::less<>> kDates{{"captured", NumberField::captured_s},
                                                             {"modified", NumberField::mtime_ns}};
const std::map<std::string, TextField, std::less<>> kTexts{{"path", TextField::path},
                                                           {"label", TextField::label},
                                                           {"camera", TextField::camera},
                                                           {"type", TextField::type}};
constexpr std::string_view kAttributes = "attributes.";

template <class Value>
std::optional<Value> find(const std::map<std::string, Value, std::less<>>& map, const FilterToken& token,
                          Kind kind) {
  const auto found = map.find(token.text);
  if (token.kind != kind || found == map.end()) return std::nullopt;
  return found->second;
}

Filter negated(Filter filter) { return {NoneOf{{std::move(filter)}}}; }

class Parser {
 public:
  explicit Parser(std::string_view text) : cursor_(text) {}

  Result<Filter> parse() {
    TRY(cursor_.advance());
    Filter filter = TRY(chain(0, true));
    if (cursor_.token().kind != Kind::end) return filter_error(cursor_.token(), "\"and\", \"or\" or the end");
    TRY(check_filter(filter));
    return filter;
  }

 private:
  // Terms between "or"; each of them factors between "and".
  Result<Filter> chain(size_t depth, bool alternatives) {
    std::vector<Filter> parts;
    do {
      if (!parts.empty()) TRY(cursor_.advance());
      parts.push_back(TRY(alternatives ? chain(depth, false) : factor(depth)));
    } while (cursor_.token().is_word(alternatives ? "or" : "and"));
    if (parts.size() == 1) return std::move(parts[0]);
    return alternatives ? Filter{AnyOf{std::move(parts)}} : Filter{AllOf{std::move(parts)}};
  }

  Result<Filter> factor(size_t depth) {
    // check_filter says the same of the tree, but only once there is one.
    if (depth > kMaxFilterDepth)
      return filter_error(cursor_.token(), "at most " + std::to_string(kMaxFilterDepth) + " levels");
    if (cursor_.token().is_word("not")) {
      TRY(cursor_.advance());
      return negated(TRY(factor(depth + 1)));
    }
    if (cursor_.token().kind == Kind::open) {
      TRY(cursor_.advance());
      Filter inner = TRY(chain(depth + 1, true));
      if (cursor_.token().kind != Kind::close)
        return filter_error(cursor_.token(), "\"and\", \"or\" or \")\"");
      TRY(cursor_.advance());
      return inner;
    }
    return comparison();
  }

  Result<Filter> comparison() {
    const FilterToken field = TRY(cursor_.take());
    if (const auto number = find(kNumbers, field, Kind::word)) {
      const Comparison sign = TRY(cursor_.take_sign());
      return Filter{NumberIs{*number, sign, TRY(cursor_.take_number("a whole number"))}};
    }
    if (const auto date = find(kDates, field, Kind::word)) return compare_date(*date);
    if (const auto text = find(kTexts, field, Kind::word)) return compare_text(*text);
    if (field.is_word("id")) return compare_id();
    if (field.kind == Kind::word && field.text.starts_with(kAttributes)) return compare_attribute(field);
    return filter_error(
        field, "path, label, camera, type, size, width, height, captured, modified, id or attributes.NAME");
  }

  // One or more of what `take_one` takes, in parentheses.
  template <class TakeOne>
  Result<void> list(const TakeOne& take_one) {
    if (cursor_.token().kind != Kind::open) return filter_error(cursor_.token(), "\"(\"");
    do {
      TRY(cursor_.advance());
      TRY(take_one());
    } while (cursor_.token().kind == Kind::comma);
    if (cursor_.token().kind != Kind::close) return filter_error(cursor_.token(), "\",\" or \")\"");
    return cursor_.advance();
  }

  Result<Filter> compare_date(NumberField field) {
    const Comparison sign = TRY(cursor_.take_sign());
    const FilterToken date = cursor_.token();
    const Period period = TRY(base::within("the filter, at byte " + std::to_string(date.at + 1),
                                           parse_period(TRY(cursor_.take_text()))));
    const bool ns = field == NumberField::mtime_ns;
    constexpr int64_t kNs = 1'000'000'000;
    if (ns && (period.begin_s < INT64_MIN / kNs || period.end_s > INT64_MAX / kNs))
      return filter_error(date, "a date from 1678 to 2261");
    const auto is = [&](Comparison comparison, int64_t seconds) {
      return Filter{NumberIs{field, comparison, ns ? seconds * kNs : seconds}};
    };
    switch (sign) {
      case Comparison::lt:
        return is(Comparison::lt, period.begin_s);
      case Comparison::le:
        return is(Comparison::lt, period.end_s);
      case Comparison::gt:
        return is(Comparison::ge, period.end_s);
      case Comparison::ge:
        return is(Comparison::ge, period.begin_s);
      case Comparison::eq:
        return Filter{AllOf{{is(Comparison::ge, period.begin_s), is(Comparison::lt, period.end_s)}}};
      case Comparison::ne:
        return Filter{AnyOf{{is(Comparison::lt, period.begin_s), is(Comparison::ge, period.end_s)}}};
    }
    return filter_error(date, "a date");
  }

  Result<Filter> compare_text(TextField field) {
    const auto is = [&](TextMatch match, std::string value) {
      if (field == TextField::type && match == TextMatch::equal) value = normal_type(value);
      return Filter{TextIs{field, match, std::move(value)}};
    };
    const FilterToken how = TRY(cursor_.take());
    if (how.kind == Kind::sign && how.text == "=") return is(TextMatch::equal, TRY(cursor_.take_text()));
    if (how.kind == Kind::sign && how.text == "!=")
      return negated(is(TextMatch::equal, TRY(cursor_.take_text())));
    if (how.is_word("glob")) return is(TextMatch::glob, TRY(cursor_.take_text()));
    if (how.is_word("startswith")) return is(TextMatch::prefix, TRY(cursor_.take_text()));
    if (!how.is_word("in")) return filter_error(how, "=, !=, in, glob or startswith");
    AnyOf any;
    TRY(list([&]() -> Result<void> {
      any.of.push_back(is(TextMatch::equal, TRY(cursor_.take_text())));
      return {};
    }));
    return Filter{std::move(any)};
  }

  Result<Filter> compare_id() {
    const FilterToken how = TRY(cursor_.take());
    IdIn in;
    const auto take_id = [&]() -> Result<void> {
      in.ids.push_back(TRY(cursor_.take_number("an id, a whole number")));
      return {};
    };
    if (how.is_word("in")) {
      TRY(list(take_id));
      return Filter{std::move(in)};
    }
    if (how.kind != Kind::sign || (how.text != "=" && how.text != "!="))
      return filter_error(how, "=, != or in");
    TRY(take_id());
    return how.text == "=" ? Filter{std::move(in)} : negated({std::move(in)});
  }

  Result<Filter> compare_attribute(const FilterToken& field) {
    AttributeIs is;
    is.name = field.text.substr(kAttributes.size());
    // attributes."two words": the name is a text of its own.
    if (is.name.empty()) is.name = TRY(cursor_.take_text());
    is.comparison = TRY(cursor_.take_sign());
    const FilterToken value = cursor_.token();
    is.value = TRY(cursor_.take_text());
    if (const auto number = value.number<double>(); number && std::isfinite(*number)) is.value = *number;
    if (value.kind == Kind::word && (value.text == "true" || value.text == "false"))
      is.value = value.text == "true";
    return Filter{std::move(is)};
  }

  FilterCursor cursor_;
};

}  // namespace

Result<Filter> parse_filter(std::string_view text) { return Parser(text).parse(); }

}  // namespace elanus::store
