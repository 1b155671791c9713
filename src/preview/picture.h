// A picture as a tile of a terminal.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "image/image.h"
#include "preview/terminal.h"
#include "preview/tile.h"

namespace elanus::preview {

// A tile of `columns` x `rows` >= 1 cells with the picture in its middle, as large as fits in its own
// proportions.
Result<Tile> picture_tile(const image::Image& picture, unsigned columns, unsigned rows,
                          const Terminal& terminal);

// The picture, whose height is even, as half blocks: lines of `width` cells, two pixels in each.
std::vector<std::string> block_lines(const image::Image& picture);

// The sequences that draw a picture at the cursor. kitty and iTerm2 scale a PNG to columns x rows cells.
std::string kitty_sequence(const std::string& png, unsigned columns, unsigned rows);
std::string iterm2_sequence(const std::string& png, unsigned columns, unsigned rows);
// Pixel by pixel, in 252 colours with error diffusion.
std::string sixel_sequence(const image::Image& picture);

}  // namespace elanus::preview
