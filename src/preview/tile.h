// Rectangles of a terminal, put beside and above each other.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace elanus::preview {

// Lines of exactly `columns` cells, and drawings that go over them.
struct Tile {
  struct Drawing {
    unsigned column = 0, line = 0;  // of its upper left corner
    std::string sequence;           // draws from the cursor
  };
  unsigned columns = 0;
  std::vector<std::string> lines;
  std::vector<Drawing> drawings;
};

// One line for each line of `text`, made printable, cut or padded to `columns`.
Tile text_tile(std::string_view text, unsigned columns);

// Left to right with `gap` blanks between, all as high as the highest.
Tile beside(std::vector<Tile> tiles, unsigned gap);

// One above the other, as wide as the wider.
Tile above(Tile top, Tile bottom);

// What to print: the lines, each with its end, then the drawings, by moving the cursor up and back. A tile
// with drawings must not be higher than the terminal.
std::string to_text(const Tile& tile);

}  // namespace elanus::preview
