// Pictures side by side, each with a line of words below it.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "image/image.h"
#include "preview/terminal.h"
#include "preview/tile.h"

namespace elanus::preview {

struct Shown {
  std::optional<image::Image> picture;  // nothing: it could not be read, and its place stays empty
  std::string caption;
};

constexpr unsigned kTileColumns = 36, kTileRows = 14, kTileGap = 2;

// The side in pixels that a picture needs at most to fill a tile of this terminal.
unsigned tile_pixels(const Terminal& terminal);

// How many tiles fit into so many columns, at least 1.
unsigned tiles_across(unsigned columns);

// One row of tiles.
Result<Tile> strip(std::span<const Shown> pictures, const Terminal& terminal);

}  // namespace elanus::preview
