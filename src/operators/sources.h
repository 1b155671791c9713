// Where the rows of a pipeline come from: CSV files and file names.
#pragma once
#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/pipeline.h"

namespace elanus::operators {

// The rows of a CSV with the cells of these columns, in this order. not_found names a column that is not
// there and those that are; else as io::read_csv.
Result<std::vector<std::vector<std::string>>> read_columns(const std::filesystem::path& csv,
                                                           std::span<const std::string_view> columns);

// The files that match a pattern of the shell (*, ?, [...]), in the order of their bytes. not_found when
// there are none.
Result<std::vector<std::string>> matching_files(const std::string& pattern);

// A row for each row of the CSV, with the columns named; every value is a std::string.
template <pipeline::Name... N>
auto read_csv(const std::filesystem::path& csv) {
  constexpr bool one = sizeof...(N) == 1;
  using Cells = std::conditional_t<one, std::string, std::array<std::string, sizeof...(N)>>;
  using Source = decltype(pipeline::from<N...>(std::vector<Cells>()));
  return [&]() -> Result<Source> {
    std::vector<Cells> table;
    for (auto& cells : TRY(read_columns(csv, pipeline::kText<N...>))) {
      if constexpr (one)
        table.push_back(std::move(cells[0]));
      else
        std::move(cells.begin(), cells.end(), table.emplace_back().begin());
    }
    return pipeline::from<N...>(std::move(table));
  }();
}

// A row for each file that matches.
template <pipeline::Name N>
auto glob(const std::string& pattern) {
  using Source = decltype(pipeline::from<N>(std::vector<std::string>()));
  return [&]() -> Result<Source> { return pipeline::from<N>(TRY(matching_files(pattern))); }();
}

}  // namespace elanus::operators
