#include "cli/pictures.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "operators/show.h"
#include "preview/strip.h"

namespace elanus::cli {

Result<void> print_pictures(std::span<const store::Hit> hits) {
  const auto environment = [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
  const preview::Terminal terminal = TRY(preview::terminal_of(STDOUT_FILENO, environment));
  const size_t across = preview::tiles_across(terminal.columns);
  for (size_t first = 0; first < hits.size(); first += across) {
    std::vector<preview::Shown> row;
    for (const auto& hit : hits.subspan(first, std::min(across, hits.size() - first)))
      row.push_back(operators::shown(hit, preview::tile_pixels(terminal)));
    const std::string text = preview::to_text(TRY(preview::strip(row, terminal))) + "\n";
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
  return {};
}

}  // namespace elanus::cli
