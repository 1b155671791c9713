#include "preview/picture.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/base64.h"
#include "image/fit.h"
#include "image/png_writer.h"

namespace elanus::preview {
namespace {

// A cell of a half-block picture has two square pixels; of a graphic one, the terminal's.
struct CellSize {
  unsigned width, height;
};

CellSize cell_size(const Terminal& terminal) {
  if (terminal.graphics == Graphics::blocks) return {1, 2};
  return {terminal.cell_width, terminal.cell_height};
}

unsigned cells_for(uint32_t pixels, unsigned cell) { return std::max(1u, (pixels + cell - 1) / cell); }

Result<std::string> png_of(const image::Image& picture) {
  const auto bytes = TRY(image::encode_png(picture));
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

Tile blank(unsigned columns, unsigned rows) {
  return {columns, std::vector<std::string>(rows, std::string(columns, ' ')), {}};
}

}  // namespace

Result<Tile> picture_tile(const image::Image& picture, unsigned columns, unsigned rows,
                          const Terminal& terminal) {
  const CellSize cell = cell_size(terminal);
  const image::Image small = TRY(image::fit(picture, columns * cell.width, rows * cell.height));
  const unsigned wide = cells_for(small.width, cell.width), high = cells_for(small.height, cell.height);
  const unsigned left = (columns - wide) / 2, top = (rows - high) / 2;
  Tile tile = blank(columns, rows);
  switch (terminal.graphics) {
    case Graphics::blocks: {
      const auto lines = block_lines(small);
      for (unsigned y = 0; y < high; ++y)
        tile.lines[top + y] = std::string(left, ' ') + lines[y] + std::string(columns - left - wide, ' ');
      break;
    }
    case Graphics::kitty:
      tile.drawings.push_back({left, top, kitty_sequence(TRY(png_of(small)), wide, high)});
      break;
    case Graphics::iterm2:
      tile.drawings.push_back({left, top, iterm2_sequence(TRY(png_of(small)), wide, high)});
      break;
    case Graphics::sixel:
      tile.drawings.push_back({left, top, sixel_sequence(small)});
      break;
  }
  return tile;
}

std::vector<std::string> block_lines(const image::Image& picture) {
  std::vector<std::string> lines;
  for (uint32_t y = 0; y < picture.height; y += 2) {
    std::string line;
    for (uint32_t x = 0; x < picture.width; ++x) {
      const uint8_t* upper = &picture.rgb[size_t{3} * (size_t{y} * picture.width + x)];
      const bool has_lower = y + 1 < picture.height;
      const auto colour = [&](int layer, const uint8_t* p) {
        char code[32];
        std::snprintf(code, sizeof code, "\x1b[%d;2;%d;%d;%dm", layer, p[0], p[1], p[2]);
        line += code;
      };
      colour(38, upper);
      if (has_lower) colour(48, upper + size_t{3} * picture.width);
      line += "▀\x1b[0m";
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string kitty_sequence(const std::string& png, unsigned columns, unsigned rows) {
  constexpr size_t kChunk = 4096;  // the most that one sequence may carry
  const std::string payload = base::base64(png);
  std::string text;
  for (size_t at = 0; at < payload.size(); at += kChunk) {
    text += "\x1b_G";
    // A PNG, shown at once in so many cells, the cursor kept, no answer.
    if (at == 0)
      text += "a=T,f=100,q=2,C=1,c=" + std::to_string(columns) + ",r=" + std::to_string(rows) + ",";
    text += at + kChunk < payload.size() ? "m=1;" : "m=0;";
    text += payload.substr(at, kChunk) + "\x1b\\";
  }
  return text;
}

std::string iterm2_sequence(const std::string& png, unsigned columns, unsigned rows) {
  return "\x1b]1337;File=inline=1;size=" + std::to_string(png.size()) + ";width=" + std::to_string(columns) +
         ";height=" + std::to_string(rows) + ":" + base::base64(png) + "\a";
}

}  // namespace elanus::preview
