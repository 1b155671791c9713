// CSV as RFC 4180 has it: comma, double quotes, quotes doubled inside quotes, LF or CRLF, newlines inside
// quotes; a UTF-8 byte-order mark is skipped. The first row names the columns.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace elanus::io {

struct Csv {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // each as long as `columns`
  std::vector<size_t> lines;                   // the line, from 1, at which rows[i] begins

  // Position of a column by name, or nothing.
  std::optional<size_t> column(std::string_view name) const;
};

// corrupt names `what` and the line: a row with too many or too few cells ("expected 3 cells, got 2"), a
// quote that never closes, text after a closing quote. A column named twice is refused. Empty lines are
// skipped.
Result<Csv> parse_csv(std::string_view text, const std::string& what);
Result<Csv> read_csv(const std::filesystem::path& path, size_t max_bytes = size_t{1} << 30);

// One cell, quoted when it needs to be.
std::string csv_cell(std::string_view text);

}  // namespace elanus::io
