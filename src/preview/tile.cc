#include "preview/tile.h"

#include <algorithm>

#include "preview/text.h"

namespace elanus::preview {
namespace {

void move_drawings(Tile& from, unsigned right, unsigned down, Tile& to) {
  for (auto& drawing : from.drawings)
    to.drawings.push_back({drawing.column + right, drawing.line + down, std::move(drawing.sequence)});
}

}  // namespace

Tile text_tile(std::string_view text, unsigned columns) {
  Tile tile{columns, {}, {}};
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    tile.lines.push_back(padded(printable(text.substr(begin, end - begin)), columns));
    begin = end + 1;
  }
  return tile;
}

Tile beside(std::vector<Tile> tiles, unsigned gap) {
  Tile row;
  size_t lines = 0;
  for (const auto& tile : tiles) lines = std::max(lines, tile.lines.size());
  row.lines.resize(lines);
  for (size_t i = 0; i < tiles.size(); ++i) {
    if (i > 0) {
      for (auto& line : row.lines) line.append(gap, ' ');
      row.columns += gap;
    }
    for (size_t y = 0; y < lines; ++y)
      row.lines[y] += y < tiles[i].lines.size() ? tiles[i].lines[y] : std::string(tiles[i].columns, ' ');
    move_drawings(tiles[i], row.columns, 0, row);
    row.columns += tiles[i].columns;
  }
  return row;
}

Tile above(Tile top, Tile bottom) {
  const unsigned columns = std::max(top.columns, bottom.columns);
  for (auto& line : top.lines) line.append(columns - top.columns, ' ');
  for (auto& line : bottom.lines) line.append(columns - bottom.columns, ' ');
  move_drawings(bottom, 0, static_cast<unsigned>(top.lines.size()), top);
  top.columns = columns;
  top.lines.insert(top.lines.end(), std::make_move_iterator(bottom.lines.begin()),
                   std::make_move_iterator(bottom.lines.end()));
  return top;
}

std::string to_text(const Tile& tile) {
  std::string text;
  for (const auto& line : tile.lines) text += line + "\n";
  for (const auto& drawing : tile.drawings) {
    const auto up = std::to_string(tile.lines.size() - drawing.line);
    // Save the cursor, go to the corner, draw, go back.
    text +=
        "\x1b"
        "7\x1b[" +
        up + "A\x1b[" + std::to_string(drawing.column + 1) + "G" + drawing.sequence +
        "\x1b"
        "8";
  }
  return text;
}

}  // namespace elanus::preview
