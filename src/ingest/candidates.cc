#include "ingest/candidates.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "io/csv.h"

namespace elanus::ingest {
namespace {

namespace fs = std::filesystem;

// A cell that is spelled as a number is spelled becomes one, so that filters can compare it; "007" and "1.50" say more
// than their number and stay texts.
nlohmann::json value_of(const std::string& cell) {
  const auto value = nlohmann::json::parse(cell, nullptr, false);
  return value.is_number() && value.dump() == cell ? value : nlohmann::json(cell);
}

class Lister {
 public:
  explicit Lister(const Options& options) : options_(options) {}

  void root(const fs::path& path) {
    const std::string name = stored_path(path);
    auto walked = walk(path, options_.walk);
    if (!walked.ok()) {
      out.failures.push_back({name, walked.error().message(), walked.error().kind()});
      out.notices.push_back(name + " could not be read; what is stored from there is kept");
      return;
    }
    out.roots.push_back(name);
    for (auto& problem : walked->problems)
      out.failures.push_back({std::move(problem.path), std::move(problem.reason), ErrorKind::io});
    for (auto& file : walked->files)
      if (seen_.insert(file.path).second) {
        Candidate candidate;
        candidate.file = std::move(file);
        candidate.root = name;
        out.files.push_back(std::move(candidate));
      }
  }

  Result<void> csv(const fs::path& path) {
    const io::Csv table = TRY(io::read_csv(path));
    const auto path_column = table.column("path"), id_column = table.column("id"), label_column = table.column("label");
    if (!path_column)
      return Error(ErrorKind::invalid_argument,
                   path.native() + ": expected a column named 'path' (and, if you like, 'id' and 'label')");
    const std::string root = out.csv = stored_path(path);
    for (size_t row = 0; row < table.rows.size(); ++row) {
      const auto& cells = table.rows[row];
      const std::string where = path.native() + ":" + std::to_string(table.lines[row]);
      const std::string file = stored_path(path.parent_path() / cells[*path_column]);
      out.named_by_csv.insert(file);
      Candidate candidate;
      candidate.root = root;
      candidate.from_csv = true;
      if (id_column) {
        const std::string& text = cells[*id_column];
        int64_t id = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
        if (error != std::errc() || end != text.data() + text.size()) {
          fail(cells[*path_column], where + ": expected a whole number as id, got '" + text + "'");
          continue;
        }
        if (!ids_.insert(id).second) {
          fail(cells[*path_column], where + ": the id " + text + " is already taken by an earlier row");
          continue;
        }
        candidate.id = id;
      }
      auto found = stat_file(file);
      if (!found.ok()) {
        out.failures.push_back({file, where + ": " + found.error().message(), found.error().kind()});
        continue;
      }
      candidate.file = std::move(*found);
      if (label_column) candidate.label = cells[*label_column];
      nlohmann::json attributes = nlohmann::json::object();
      for (size_t column = 0; column < table.columns.size(); ++column)
        if (column != path_column && column != id_column && column != label_column)
          attributes[table.columns[column]] = value_of(cells[column]);
      if (!attributes.empty())
        candidate.attributes = attributes.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
      if (seen_.insert(file).second)
        out.files.push_back(std::move(candidate));
      else
        fail(file, where + ": this path stands in an earlier row");
    }
    return {};
  }

  Candidates out;

 private:
  void fail(const std::string& path, std::string reason) {
    out.failures.push_back({path, std::move(reason), ErrorKind::invalid_argument});
  }

  const Options& options_;
  std::unordered_set<std::string> seen_;
  std::unordered_set<int64_t> ids_;
};

}  // namespace

Result<Candidates> list_candidates(const Options& options) {
  Lister lister(options);
  if (options.csv) TRY(lister.csv(*options.csv));
  for (const auto& root : options.roots) lister.root(root);
  return std::move(lister.out);
}

}  // namespace elanus::ingest
