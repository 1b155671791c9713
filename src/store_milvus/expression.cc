#include "store_milvus/expression.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>

#include "store_milvus/protocol.h"
#include "store_milvus/text.h"

namespace elanus::store_milvus {
namespace {

using namespace store;
using Keeps = Condition::Keeps;

const Condition kNothing{Keeps::nothing, "", "", true};
const Condition kUnknown{Keeps::everything, "", "", false};

Condition exactly(std::string text, std::string opposite) {
  return {Keeps::some, std::move(text), std::move(opposite), true};
}

// The records that the filter keeps, and others.
Condition at_most(std::string text) { return {Keeps::some, std::move(text), "", false}; }

Condition both(const Condition& a, const Condition& b) {
  const bool exact = a.exact && b.exact;
  if (a.keeps == Keeps::nothing || b.keeps == Keeps::nothing) return kNothing;
  if (a.keeps == Keeps::everything) return {b.keeps, b.text, b.opposite, exact};
  if (b.keeps == Keeps::everything) return {a.keeps, a.text, a.opposite, exact};
  const std::string text = "(" + a.text + " && " + b.text + ")";
  return exact ? exactly(text, "(" + a.opposite + " || " + b.opposite + ")") : at_most(text);
}

Condition either(const Condition& a, const Condition& b) {
  const bool exact = a.exact && b.exact;
  if (a.keeps == Keeps::everything || b.keeps == Keeps::everything) return {Keeps::everything, "", "", exact};
  if (a.keeps == Keeps::nothing) return b;
  if (b.keeps == Keeps::nothing) return a;
  const std::string text = "(" + a.text + " || " + b.text + ")";
  return exact ? exactly(text, "(" + a.opposite + " && " + b.opposite + ")") : at_most(text);
}

// Nothing can be said of the records that fail a condition that keeps too many.
Condition no(const Condition& a) {
  if (!a.exact) return kUnknown;
  if (a.keeps == Keeps::some) return exactly(a.opposite, a.text);
  return a.keeps == Keeps::everything ? kNothing : Condition{};
}

const char* sign(Comparison comparison) {
  switch (comparison) {
    case Comparison::eq:
      return " == ";
    case Comparison::ne:
      return " != ";
    case Comparison::lt:
      return " < ";
    case Comparison::le:
      return " <= ";
    case Comparison::gt:
      return " > ";
    case Comparison::ge:
      return " >= ";
  }
  return " == ";
}

Comparison opposite(Comparison comparison) {
  switch (comparison) {
    case Comparison::eq:
      return Comparison::ne;
    case Comparison::ne:
      return Comparison::eq;
    case Comparison::lt:
      return Comparison::ge;
    case Comparison::le:
      return Comparison::gt;
    case Comparison::gt:
      return Comparison::le;
    case Comparison::ge:
      return Comparison::lt;
  }
  return comparison;
}

const char* name(NumberField field) {
  switch (field) {
    case NumberField::size:
      return "size";
    case NumberField::mtime_ns:
      return "mtime_ns";
    case NumberField::captured_s:
      return "captured_s";
    case NumberField::width:
      return "width";
    case NumberField::height:
      return "height";
  }
  return "size";
}

const char* name(TextField field) {
  switch (field) {
    case TextField::path:
      return "path";
    case TextField::label:
      return "label";
    case TextField::camera:
      return "camera";
    case TextField::type:
      return "type";
  }
  return "path";
}

bool is_plain(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// What of a text is whole characters: its end may be the beginning of a longer one.
std::string_view whole_characters(std::string_view text) {
  for (size_t back = 1; back <= std::min<size_t>(3, text.size()); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if ((byte & 0xc0) == 0x80) continue;
    const size_t length = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? text.substr(0, text.size() - back) : text;
  }
  return text;
}

Condition equals(const std::string& field, std::string_view bytes) {
  if (!is_plain(bytes)) return kUnknown;
  const std::string value = literal(to_utf8(bytes));
  return exactly(field + " == " + value, field + " != " + value);
}

Condition begins_with(const std::string& field, std::string_view bytes) {
  const std::string prefix = to_utf8(whole_characters(bytes));
  const bool exact = whole_characters(bytes).size() == bytes.size() && is_plain(bytes);
  if (prefix.empty()) return bytes.empty() ? Condition{} : kUnknown;
  if (!is_plain(prefix)) return kUnknown;
  const std::string end = after_all_that_begin_with(prefix);
  const std::string from = field + " >= " + literal(prefix), below = field + " < " + literal(prefix);
  const Condition begins =
      end.empty()
          ? exactly(from, below)
          : both(exactly(from, below), exactly(field + " < " + literal(end), field + " >= " + literal(end)));
  return exact ? begins : at_most(begins.text);
}

Condition ends_with(const std::string& field, std::string suffix) {
  suffix.erase(0,
               suffix.find_first_not_of("\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f"));
  if (suffix.empty() || to_utf8(suffix) != suffix || !is_plain(suffix)) return kUnknown;
  // `_` is any one character, so that it may stand for those that mean something to `like`.
  std::replace_if(
      suffix.begin(), suffix.end(), [](char c) { return c == '%' || c == '\\'; }, '_');
  return at_most(field + " like " + literal("%" + suffix));
}

// What can be said of a glob is how it begins and ends.
Condition looks_like(const std::string& field, const std::string& pattern) {
  const size_t first = pattern.find_first_of("*?[");
  if (first == std::string::npos) return equals(field, pattern);
  Condition begin = begins_with(field, std::string_view(pattern).substr(0, first));
  if (first + 1 == pattern.size() && pattern.back() == '*') return begin;
  begin.exact = false;
  return both(begin, ends_with(field, pattern.substr(pattern.find_last_of("*?]") + 1)));
}

Condition join(std::span<const Filter> filters, Condition (*with)(const Condition&, const Condition&),
               Condition none) {
  if (filters.empty()) return none;
  if (filters.size() == 1) return condition_of(filters[0]);
  const size_t half = filters.size() / 2;  // in halves, so that no expression is as deep as it is long
  return with(join(filters.first(half), with, none), join(filters.subspan(half), with, none));
}

Condition say(const AllOf& all) { return join(all.of, both, {}); }
Condition say(const AnyOf& any) { return join(any.of, either, kNothing); }
Condition say(const NoneOf& none) { return no(join(none.of, either, kNothing)); }

Condition say(const NumberIs& wanted) {
  const std::string field = name(wanted.field);
  if (wanted.value == INT64_MIN) return kUnknown;  // no literal
  const std::string value = std::to_string(wanted.value);
  return exactly("(" + field + " != 0 && " + field + sign(wanted.comparison) + value + ")",
                 "(" + field + " == 0 || " + field + sign(opposite(wanted.comparison)) + value + ")");
}

Condition say(const TextIs& wanted) {
  const std::string field = name(wanted.field);
  switch (wanted.match) {
    case TextMatch::equal:
      return equals(field, wanted.value);
    case TextMatch::prefix:
      return begins_with(field, wanted.value);
    case TextMatch::glob:
      return looks_like(field, wanted.value);
  }
  return kUnknown;
}

Condition say(const IdIn& in) {
  if (in.ids.empty()) return kNothing;
  const auto [low, high] = std::minmax_element(in.ids.begin(), in.ids.end());
  if (*low == INT64_MIN) return kUnknown;
  if (in.ids.size() <= kMaxWindow) return exactly("id in " + list_of(in.ids), "id not in " + list_of(in.ids));
  return at_most("(id >= " + std::to_string(*low) + " && id <= " + std::to_string(*high) + ")");
}

// Servers differ in what they make of members that are absent or of another type, so that what they keep is
// checked again, and where they might keep too few they are not asked.
Condition say(const AttributeIs& wanted) {
  const std::string field = "attributes[" + literal(wanted.name) + "]";
  const bool sayable = is_plain(wanted.name) && to_utf8(wanted.name) == wanted.name && !wanted.name.empty();
  if (!sayable || wanted.comparison == Comparison::ne) return kUnknown;
  if (const auto* text = std::get_if<std::string>(&wanted.value)) {
    if (!is_plain(*text) || to_utf8(*text) != *text || wanted.comparison != Comparison::eq) return kUnknown;
    return at_most(field + " == " + literal(*text));
  }
  if (const auto* truth = std::get_if<bool>(&wanted.value))
    return at_most(field + " == " + (*truth ? "true" : "false"));
  const double number = std::get<double>(wanted.value);
  if (!(std::abs(number) < 0x1p53)) return kUnknown;
  char digits[40];
  std::snprintf(digits, sizeof digits, "%.17g", number);
  const bool whole = number == std::floor(number);
  return at_most(field + sign(wanted.comparison) +
                 (whole ? std::to_string(static_cast<int64_t>(number)) : digits));
}

}  // namespace

Condition condition_of(const Filter& filter) {
  return std::visit([](const auto& is) { return say(is); }, filter.is);
}

}  // namespace elanus::store_milvus
