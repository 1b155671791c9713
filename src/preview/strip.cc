#include "preview/strip.h"

#include <algorithm>

#include "preview/picture.h"

namespace elanus::preview {

unsigned tile_pixels(const Terminal& terminal) {
  if (terminal.graphics == Graphics::blocks) return std::max(kTileColumns, 2 * kTileRows);
  return std::max(kTileColumns * terminal.cell_width, kTileRows * terminal.cell_height);
}

unsigned tiles_across(unsigned columns) {
  return std::max(1u, (columns + kTileGap) / (kTileColumns + kTileGap));
}

Result<Tile> strip(std::span<const Shown> pictures, const Terminal& terminal) {
  std::vector<Tile> tiles;
  for (const auto& shown : pictures) {
    Tile tile{kTileColumns, std::vector<std::string>(kTileRows, std::string(kTileColumns, ' ')), {}};
    if (shown.picture) tile = TRY(picture_tile(*shown.picture, kTileColumns, kTileRows, terminal));
    tiles.push_back(above(std::move(tile), text_tile(shown.caption, kTileColumns)));
  }
  return beside(std::move(tiles), kTileGap);
}

}  // namespace elanus::preview
