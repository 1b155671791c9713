#include "search/picture_filter.h"

#include <algorithm>

#include "store/filter_parser.h"

namespace elanus::search {
namespace {

using namespace store;

Filter text(TextField field, TextMatch match, std::string value) {
  return {TextIs{field, match, std::move(value)}};
}

Filter below(std::string path) {
  std::vector<Filter> ways;
  if (path.find_first_of("*?[") != std::string::npos)
    ways.push_back(text(TextField::path, TextMatch::glob,
                        path.starts_with('/') || path.starts_with('*') ? path : "*/" + path));
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  if (path.starts_with('/')) {
    ways.push_back(text(TextField::path, TextMatch::equal, path));
    ways.push_back(text(TextField::path, TextMatch::prefix, path == "/" ? path : path + "/"));
  } else if (ways.empty()) {
    const std::string names = "*/" + path;
    ways.push_back(text(TextField::path, TextMatch::glob, names));
    ways.push_back(text(TextField::path, TextMatch::glob, names + "/*"));
  }
  return {AnyOf{std::move(ways)}};
}

// When a picture was taken, as far as anybody knows.
Result<Filter> moment(Comparison comparison, const std::string& date) {
  constexpr int64_t kNs = 1'000'000'000;
  const Period period = TRY(parse_period(date));
  const Filter noted{NumberIs{NumberField::captured_s, Comparison::ge, INT64_MIN}};
  const int64_t begin_ns = std::clamp(period.begin_s, INT64_MIN / kNs, INT64_MAX / kNs) * kNs;
  return Filter{
      AnyOf{{{NumberIs{NumberField::captured_s, comparison, period.begin_s}},
             {AllOf{{{NoneOf{{noted}}}, {NumberIs{NumberField::mtime_ns, comparison, begin_ns}}}}}}}};
}

}  // namespace

Result<Filter> to_filter(const PictureFilter& wanted) {
  AllOf all;
  const auto one_of = [&](const std::vector<std::string>& values, const auto& make) {
    AnyOf any;
    for (const std::string& value : values) any.of.push_back(make(value));
    if (!any.of.empty()) all.of.push_back({std::move(any)});
  };
  one_of(wanted.paths, below);
  one_of(wanted.labels, [](const auto& label) { return text(TextField::label, TextMatch::equal, label); });
  one_of(wanted.types,
         [](const auto& type) { return text(TextField::type, TextMatch::equal, normal_type(type)); });
  if (!wanted.after.empty())
    all.of.push_back(TRY(base::within("after", moment(Comparison::ge, wanted.after))));
  if (!wanted.before.empty())
    all.of.push_back(TRY(base::within("before", moment(Comparison::lt, wanted.before))));
  if (!wanted.where.empty()) all.of.push_back(TRY(parse_filter(wanted.where)));
  Filter filter{std::move(all)};
  TRY(check_filter(filter));
  return filter;
}

}  // namespace elanus::search
