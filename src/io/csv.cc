#include "io/csv.h"

#include <algorithm>
#include <set>

#include "io/file.h"

namespace elanus::io {
namespace {

constexpr size_t max_columns = 4096;

// Hands out one row after the other.
class Reader {
 public:
  Reader(std::string_view text, const std::string& what) : text_(text), what_(what) {}

  bool at_end() const { return pos_ == text_.size(); }
  size_t line() const { return line_; }

  // The row that begins here, with its line end consumed; no cells for an empty line. Stops early with an
  // error past max_cells, so that a run of commas cannot take more memory than the columns allow.
  Result<std::vector<std::string>> row(size_t max_cells) {
    std::vector<std::string> cells;
    const size_t begin = line_;
    if (skip_line_end()) return cells;
    while (true) {
      if (cells.size() == max_cells)
        return broken(begin, "expected " + std::to_string(max_cells) + " cells, got more");
      cells.push_back(TRY(cell()));
      if (at_end() || skip_line_end()) return cells;
      ++pos_;  // cell() stops at a comma, a line end or the end
    }
  }

  Error broken(size_t line, const std::string& why) const {
    return {ErrorKind::corrupt, what_ + " line " + std::to_string(line) + ": " + why};
  }

 private:
  size_t line_end_length() const {
    if (text_.substr(pos_, 2) == "\r\n") return 2;
    return text_.substr(pos_, 1) == "\n" ? 1 : 0;
  }

  bool skip_line_end() {
    const size_t n = line_end_length();
    pos_ += n;
    line_ += n > 0;
    return n > 0;
  }

  Result<std::string> cell() {
    if (text_.substr(pos_, 1) == "\"") return quoted();
    const size_t begin = pos_;
    while (!at_end() && text_[pos_] != ',' && line_end_length() == 0) ++pos_;
    return std::string(text_.substr(begin, pos_ - begin));
  }

  Result<std::string> quoted() {
    const size_t begin = line_;
    std::string value;
    ++pos_;
    while (true) {
      const size_t quote = text_.find('"', pos_);
      if (quote == std::string_view::npos) return broken(begin, "a quote opens here and never closes");
      const std::string_view part = text_.substr(pos_, quote - pos_);
      value += part;
      line_ += static_cast<size_t>(std::count(part.begin(), part.end(), '\n'));
      pos_ = quote + 1;
      if (text_.substr(pos_, 1) != "\"") break;
      value += '"';
      ++pos_;
    }
    if (!at_end() && text_[pos_] != ',' && line_end_length() == 0)
      return broken(line_, "text after a closing quote; expected a comma or the end of the line");
    return value;
  }

  std::string_view text_;
  const std::string& what_;
  size_t pos_ = 0;
  size_t line_ = 1;
};

}  // namespace

std::optional<size_t> Csv::column(std::string_view name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found == columns.end()) return std::nullopt;
  return static_cast<size_t>(found - columns.begin());
}

Result<Csv> parse_csv(std::string_view text, const std::string& what) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Reader reader(text, what);
  Csv csv;
  size_t line = reader.line();
  while (csv.columns.empty() && !reader.at_end()) {
    line = reader.line();
    csv.columns = TRY(reader.row(max_columns));
  }
  if (csv.columns.empty())
    return Error(ErrorKind::corrupt, what + " is empty, expected a row of column names");
  std::set<std::string_view> seen;
  for (const std::string& name : csv.columns)
    if (!seen.insert(name).second) return reader.broken(line, "column '" + name + "' is named twice");

  while (!reader.at_end()) {
    line = reader.line();
    std::vector<std::string> cells = TRY(reader.row(csv.columns.size()));
    if (cells.empty()) continue;
    if (cells.size() != csv.columns.size())
      return reader.broken(line, "expected " + std::to_string(csv.columns.size()) + " cells, got " +
                                     std::to_string(cells.size()));
    csv.rows.push_back(std::move(cells));
    csv.lines.push_back(line);
  }
  return csv;
}

Result<Csv> read_csv(const std::filesystem::path& path, size_t max_bytes) {
  return parse_csv(TRY(read_text(path, max_bytes)), path.string());
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

}  // namespace elanus::io
