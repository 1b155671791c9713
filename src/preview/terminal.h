// What a terminal can show.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"

namespace elanus::preview {

// How pictures get onto the screen.
//   blocks  two pixels per cell in 24-bit colour, anywhere
//   kitty   https://sw.kovidgoyal.net/kitty/graphics-protocol/
//   iterm2  https://iterm2.com/documentation-images.html
//   sixel   DEC's six-pixel strips (VT330/VT340 Programmer Reference, chapter 14)
enum class Graphics { blocks, kitty, iterm2, sixel };

struct Terminal {
  Graphics graphics = Graphics::blocks;
  unsigned columns = 120;                      // cells across
  unsigned cell_width = 10, cell_height = 20;  // pixels
};

// The value of an environment variable, or nothing.
using Environment = std::function<std::optional<std::string>(const char* name)>;

// The terminal behind a file descriptor; blocks when it is none. Decided by the variables that terminals set,
// without asking the terminal itself; ELANUS_PREVIEW (blocks, kitty, iterm2 or sixel) decides otherwise, and
// is invalid_argument when it is none of them.
Result<Terminal> terminal_of(int descriptor, const Environment& environment);

}  // namespace elanus::preview
