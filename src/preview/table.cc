#include "preview/table.h"

#include <algorithm>

#include "preview/strip.h"
#include "preview/text.h"

namespace elanus::preview {
namespace {

constexpr unsigned kMostText = 40, kGap = 2;

bool has_pictures(std::span<const std::vector<Cell>> rows, size_t column) {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const auto& row) { return !row[column].pictures.empty(); });
}

// The columns' widths: of words as wide as the widest, of pictures an equal share of what the terminal has
// left.
std::vector<unsigned> widths_of(std::span<const std::string> columns, std::span<const std::vector<Cell>> rows,
                                const Terminal& terminal) {
  std::vector<unsigned> widths;
  unsigned words = 0, with_pictures = 0;
  for (size_t i = 0; i < columns.size(); ++i) {
    unsigned width = cell_width(printable(columns[i]));
    for (const auto& row : rows)
      width = std::max(width, std::min(kMostText, cell_width(printable(row[i].text))));
    if (has_pictures(rows, i)) {
      width = 0;
      ++with_pictures;
    }
    words += width + kGap;
    widths.push_back(width);
  }
  const unsigned left = terminal.columns > words ? terminal.columns - words : 0;
  for (auto& width : widths)
    if (width == 0) width = std::max(kTileColumns, left / std::max(1u, with_pictures));
  return widths;
}

// The strips of one cell, as many pictures in each as fit.
Result<std::vector<Tile>> strips_of(const Cell& cell, unsigned columns, const Terminal& terminal) {
  std::vector<Tile> strips;
  const std::span<const Shown> all(cell.pictures);
  const size_t across = tiles_across(columns);
  for (size_t first = 0; first < all.size(); first += across)
    strips.push_back(TRY(strip(all.subspan(first, std::min(across, all.size() - first)), terminal)));
  if (strips.empty()) strips.push_back(text_tile(cell.text, columns));
  return strips;
}

}  // namespace

Result<std::string> table_text(std::span<const std::string> columns, std::span<const std::vector<Cell>> rows,
                               const Terminal& terminal) {
  const auto widths = widths_of(columns, rows, terminal);
  std::vector<Tile> head;
  for (size_t i = 0; i < columns.size(); ++i) head.push_back(text_tile(columns[i], widths[i]));
  std::string text = to_text(beside(std::move(head), kGap));
  for (const auto& row : rows) {
    std::vector<std::vector<Tile>> cells;
    size_t strips = 1;
    for (size_t i = 0; i < row.size(); ++i) {
      cells.push_back(TRY(strips_of(row[i], widths[i], terminal)));
      strips = std::max(strips, cells.back().size());
    }
    // One strip at a time, so that nothing is higher than the terminal.
    for (size_t s = 0; s < strips; ++s) {
      std::vector<Tile> line;
      for (size_t i = 0; i < row.size(); ++i)
        line.push_back(s < cells[i].size() ? std::move(cells[i][s]) : text_tile("", widths[i]));
      text += to_text(beside(std::move(line), kGap));
    }
  }
  return text;
}

}  // namespace elanus::preview
