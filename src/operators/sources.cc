#include "operators/sources.h"

#include <glob.h>

#include <algorithm>

#include "io/csv.h"

namespace elanus::operators {

Result<std::vector<std::vector<std::string>>> read_columns(const std::filesystem::path& csv,
                                                           std::span<const std::string_view> columns) {
  io::Csv table = TRY(io::read_csv(csv));
  std::vector<size_t> places;
  for (const auto& name : columns) {
    const auto place = table.column(name);
    if (!place) {
      std::string there;
      for (const auto& column : table.columns) there += (there.empty() ? "" : ", ") + column;
      return Error(ErrorKind::not_found,
                   csv.native() + " has no column '" + std::string(name) + "'; its columns are " + there);
    }
    places.push_back(*place);
  }
  std::vector<std::vector<std::string>> rows;
  for (auto& cells : table.rows) {
    rows.emplace_back();
    for (const size_t place : places) rows.back().push_back(std::move(cells[place]));
  }
  return rows;
}

Result<std::vector<std::string>> matching_files(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), GLOB_NOSORT | GLOB_TILDE, nullptr, &found);
  std::vector<std::string> files(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (status == GLOB_NOSPACE)
    return Error(ErrorKind::too_large, "there is not enough memory for the files that match " + pattern);
  if (files.empty()) return Error(ErrorKind::not_found, "no file matches " + pattern);
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace elanus::operators
