#include "preview/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace elanus::preview {
namespace {

// Multiplexers do not pass pictures through unless they are told to.
Graphics known_by(const Environment& environment) {
  const auto value = [&](const char* name) { return environment(name).value_or(""); };
  const std::string term = value("TERM"), program = value("TERM_PROGRAM");
  if (!value("TMUX").empty() || term.starts_with("screen") || term.starts_with("tmux"))
    return Graphics::blocks;
  if (term == "xterm-kitty" || term == "xterm-ghostty" || !value("KITTY_WINDOW_ID").empty() ||
      program == "ghostty")
    return Graphics::kitty;
  if (program == "iTerm.app" || value("LC_TERMINAL") == "iTerm2" || program == "WezTerm" ||
      program == "mintty")
    return Graphics::iterm2;
  if (term.starts_with("foot") || term.starts_with("mlterm") || term.starts_with("contour") ||
      term.find("sixel") != std::string::npos)
    return Graphics::sixel;
  return Graphics::blocks;
}

Result<Graphics> parse_graphics(const std::string& name) {
  if (name == "blocks") return Graphics::blocks;
  if (name == "kitty") return Graphics::kitty;
  if (name == "iterm2") return Graphics::iterm2;
  if (name == "sixel") return Graphics::sixel;
  return invalid_argument("ELANUS_PREVIEW is '" + name + "'; expected blocks, kitty, iterm2 or sixel");
}

}  // namespace

Result<Terminal> terminal_of(int descriptor, const Environment& environment) {
  Terminal terminal;
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    terminal.columns = size.ws_col;
    if (size.ws_row > 0 && size.ws_xpixel >= size.ws_col && size.ws_ypixel >= size.ws_row) {
      terminal.cell_width = size.ws_xpixel / size.ws_col;
      terminal.cell_height = size.ws_ypixel / size.ws_row;
    }
  }
  const auto wish = environment("ELANUS_PREVIEW");
  if (wish && !wish->empty())
    terminal.graphics = TRY(parse_graphics(*wish));
  else if (::isatty(descriptor) == 1)
    terminal.graphics = known_by(environment);
  return terminal;
}

}  // namespace elanus::preview
