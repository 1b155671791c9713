#include "cli/blocks.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "cli/terminal.h"
#include "image/resize.h"
#include "io/file.h"

namespace elanus::cli {
namespace {

constexpr unsigned kColumns = 36, kRows = 14, kGap = 2;

unsigned terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 120;
}

Result<std::vector<std::string>> render_file(const std::string& path) {
  const auto bytes = TRY(io::read_file(path, size_t{1} << 30));
  return render_blocks(TRY(image::decode(bytes, {.scale_to_short_side = 2 * kRows})), kColumns, kRows);
}

// The end of a name, cut to fit a tile; counts bytes, so a name beyond ASCII may come out a little short.
std::string caption(const store::Hit& hit) {
  const std::string name = printable(hit.picture.path.substr(hit.picture.path.rfind('/') + 1));
  char cosine[16];
  std::snprintf(cosine, sizeof cosine, "%.3f ", static_cast<double>(hit.cosine));
  std::string text = cosine + name;
  text.resize(kColumns, ' ');
  return text;
}

}  // namespace

Result<std::vector<std::string>> render_blocks(const image::Image& picture, unsigned columns, unsigned rows) {
  const double scale = std::min(static_cast<double>(columns) / picture.width, 2.0 * rows / picture.height);
  const auto side = [&](uint32_t length, unsigned most) {
    return std::clamp(static_cast<uint32_t>(length * scale + 0.5), 1u, most);
  };
  const uint32_t width = side(picture.width, columns), height = side(picture.height, 2 * rows);
  std::vector<uint8_t> rgb(size_t{3} * width * height);
  TRY(image::resize_crop(picture, {width, height, 0, 0, width, height, image::Filter::bicubic}, rgb));
  const unsigned left = (columns - width) / 2, top = (2 * rows - height) / 2;
  // A pixel of the tile, or nothing outside the picture.
  const auto pixel = [&](unsigned x, unsigned y) -> const uint8_t* {
    if (x < left || x >= left + width || y < top || y >= top + height) return nullptr;
    return &rgb[size_t{3} * ((y - top) * width + (x - left))];
  };
  std::vector<std::string> lines;
  for (unsigned row = 0; row < rows; ++row) {
    std::string line;
    for (unsigned x = 0; x < columns; ++x) {
      const uint8_t *upper = pixel(x, 2 * row), *lower = pixel(x, 2 * row + 1);
      const auto colour = [&](int layer, const uint8_t* p) {
        char code[32];
        std::snprintf(code, sizeof code, "\x1b[%d;2;%d;%d;%dm", layer, p[0], p[1], p[2]);
        line += code;
      };
      if (!upper && !lower) {
        line += ' ';
      } else {
        colour(38, upper ? upper : lower);
        if (upper && lower) colour(48, lower);
        line += !upper ? "▄" : "▀";
        line += "\x1b[0m";
      }
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

void print_picture_grid(std::span<const store::Hit> hits) {
  const unsigned across = std::max(1u, (terminal_width() + kGap) / (kColumns + kGap));
  for (size_t first = 0; first < hits.size(); first += across) {
    const auto line_of_hits = hits.subspan(first, std::min<size_t>(across, hits.size() - first));
    std::vector<std::vector<std::string>> tiles;
    for (const auto& hit : line_of_hits) {
      auto tile = render_file(hit.picture.path);
      if (!tile.ok()) say("cannot show " + printable(hit.picture.path) + ": " + tile.error().message());
      tiles.push_back(tile.ok() ? std::move(*tile) : std::vector<std::string>(kRows, std::string(kColumns, ' ')));
    }
    for (unsigned row = 0; row < kRows; ++row) {
      for (const auto& tile : tiles) std::printf("%s%*s", tile[row].c_str(), static_cast<int>(kGap), "");
      std::printf("\n");
    }
    for (const auto& hit : line_of_hits) std::printf("%s%*s", caption(hit).c_str(), static_cast<int>(kGap), "");
    std::printf("\n\n");
  }
}

}  // namespace elanus::cli
