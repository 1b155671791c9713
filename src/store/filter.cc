#include "store/filter.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "store/collection.h"

namespace elanus::store {
namespace {

template <class... F>
struct Overload : F... {
  using F::operator()...;
};
template <class... F>
Overload(F...) -> Overload<F...>;

template <class T>
bool compare(const T& left, Comparison comparison, const T& right) {
  switch (comparison) {
    case Comparison::eq:
      return left == right;
    case Comparison::ne:
      return left != right;
    case Comparison::lt:
      return left < right;
    case Comparison::le:
      return left <= right;
    case Comparison::gt:
      return left > right;
    case Comparison::ge:
      return left >= right;
  }
  return false;
}

int64_t number_of(const Picture& picture, NumberField field) {
  switch (field) {
    case NumberField::size:
      return picture.size;
    case NumberField::mtime_ns:
      return picture.mtime_ns;
    case NumberField::captured_s:
      return picture.captured_s;
    case NumberField::width:
      return picture.width;
    case NumberField::height:
      return picture.height;
  }
  return 0;
}

std::string text_of(const Picture& picture, TextField field) {
  switch (field) {
    case TextField::path:
      return picture.path;
    case TextField::label:
      return picture.label;
    case TextField::camera:
      return picture.camera;
    case TextField::type:
      return picture_type(picture.path);
  }
  return {};
}

class Checker {
 public:
  Result<void> check(const Filter& filter, size_t depth) {
    if (++nodes_ > kMaxFilterNodes)
      return invalid_argument("the filter has more than " + std::to_string(kMaxFilterNodes) + " parts");
    if (depth > kMaxFilterDepth)
      return invalid_argument("the filter is nested deeper than " + std::to_string(kMaxFilterDepth) +
                              " levels");
    return std::visit(Overload{[&](const AllOf& all) { return check_each(all.of, depth); },
                               [&](const AnyOf& any) { return check_each(any.of, depth); },
                               [&](const NoneOf& none) { return check_each(none.of, depth); },
                               [](const NumberIs&) { return Result<void>(); },
                               [](const TextIs& text) { return check_text(text.value); },
                               [](const IdIn& in) -> Result<void> {
                                 if (in.ids.size() <= kMaxFilterIds) return {};
                                 return invalid_argument("the filter names " + std::to_string(in.ids.size()) +
                                                         " ids, expected at most " +
                                                         std::to_string(kMaxFilterIds));
                               },
                               [](const AttributeIs& attribute) { return check_attribute(attribute); }},
                      filter.is);
  }

 private:
  Result<void> check_each(const std::vector<Filter>& filters, size_t depth) {
    for (const Filter& filter : filters) TRY(check(filter, depth + 1));
    return {};
  }

  static Result<void> check_text(const std::string& text) {
    if (text.size() <= kMaxFilterText) return {};
    return invalid_argument("a text of the filter has " + std::to_string(text.size()) +
                            " bytes, expected at most " + std::to_string(kMaxFilterText));
  }

  static Result<void> check_attribute(const AttributeIs& attribute) {
    TRY(check_text(attribute.name));
    if (const auto* text = std::get_if<std::string>(&attribute.value)) return check_text(*text);
    if (const auto* number = std::get_if<double>(&attribute.value); number && std::isnan(*number))
      return invalid_argument("the filter compares attributes." + attribute.name +
                              " with a number that is NaN");
    const bool ordered = attribute.comparison != Comparison::eq && attribute.comparison != Comparison::ne;
    if (std::holds_alternative<bool>(attribute.value) && ordered)
      return invalid_argument("the filter asks whether attributes." + attribute.name +
                              " is less or more than a truth value; ask whether it is equal");
    return {};
  }

  size_t nodes_ = 0;
};

}  // namespace

bool is_everything(const Filter& filter) {
  const auto* all = std::get_if<AllOf>(&filter.is);
  return all && all->of.empty();
}

Result<void> check_filter(const Filter& filter) { return Checker().check(filter, 0); }

bool matches(const Filter& filter, int64_t id, const Picture& picture) {
  const auto fits = [&](const Filter& part) { return matches(part, id, picture); };
  return std::visit(
      Overload{[&](const AllOf& all) { return std::all_of(all.of.begin(), all.of.end(), fits); },
               [&](const AnyOf& any) { return std::any_of(any.of.begin(), any.of.end(), fits); },
               [&](const NoneOf& none) { return std::none_of(none.of.begin(), none.of.end(), fits); },
               [&](const NumberIs& wanted) {
                 const int64_t number = number_of(picture, wanted.field);
                 return number != 0 && compare(number, wanted.comparison, wanted.value);
               },
               [&](const TextIs& wanted) { return text_matches(wanted, text_of(picture, wanted.field)); },
               [&](const IdIn& in) { return std::find(in.ids.begin(), in.ids.end(), id) != in.ids.end(); },
               [&](const AttributeIs& wanted) { return attribute_matches(wanted, picture.attributes); }},
      filter.is);
}

bool text_matches(const TextIs& wanted, std::string_view text) {
  switch (wanted.match) {
    case TextMatch::equal:
      return text == wanted.value;
    case TextMatch::prefix:
      return text.starts_with(wanted.value);
    case TextMatch::glob:
      return glob_matches(wanted.value, text);
  }
  return false;
}

bool attribute_matches(const AttributeIs& wanted, std::string_view attributes) {
  const auto object = nlohmann::json::parse(attributes, nullptr, false);
  if (!object.is_object()) return false;
  const auto found = object.find(wanted.name);
  if (found == object.end()) return false;
  return std::visit(
      Overload{[&](const std::string& text) {
                 return found->is_string() &&
                        compare(found->get_ref<const std::string&>(), wanted.comparison, text);
               },
               [&](double number) {
                 return found->is_number() && compare(found->get<double>(), wanted.comparison, number);
               },
               [&](bool truth) {
                 return found->is_boolean() && compare(found->get<bool>(), wanted.comparison, truth);
               }},
      wanted.value);
}

}  // namespace elanus::store
