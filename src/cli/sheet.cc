#include "cli/sheet.h"

#include <algorithm>

#include "cli/terminal.h"
#include "image/fit.h"
#include "image/image.h"
#include "image/png_writer.h"
#include "io/file.h"

namespace elanus::cli {
namespace {

constexpr uint32_t kTile = 240, kTileGap = 8, kAcross = 4;

// Draws the picture into the square at (left, top), fitted and centred.
Result<void> place(const std::string& path, uint32_t left, uint32_t top, image::Image& sheet) {
  const auto bytes = TRY(io::read_file(path, size_t{1} << 30));
  const image::Image picture = TRY(image::decode(bytes, {.scale_to_short_side = 2 * kTile}));
  const image::Image small = TRY(image::fit(picture, kTile, kTile));
  left += (kTile - small.width) / 2;
  top += (kTile - small.height) / 2;
  for (uint32_t y = 0; y < small.height; ++y)
    std::copy_n(&small.rgb[size_t{3} * y * small.width], size_t{3} * small.width,
                &sheet.rgb[size_t{3} * (size_t{top + y} * sheet.width + left)]);
  return {};
}

}  // namespace

Result<void> write_contact_sheet(std::span<const store::Hit> hits, const std::filesystem::path& file) {
  const auto across = std::min<uint32_t>(kAcross, static_cast<uint32_t>(hits.size()));
  const uint32_t down = (static_cast<uint32_t>(hits.size()) + kAcross - 1) / kAcross;
  image::Image sheet;
  sheet.width = across * (kTile + kTileGap) + kTileGap;
  sheet.height = down * (kTile + kTileGap) + kTileGap;
  sheet.rgb.assign(size_t{3} * sheet.width * sheet.height, 255);
  for (uint32_t i = 0; i < hits.size(); ++i) {
    const std::string& path = hits[i].picture.path;
    const auto placed = place(path, kTileGap + i % kAcross * (kTile + kTileGap), kTileGap + i / kAcross * (kTile + kTileGap), sheet);
    if (!placed.ok()) say("cannot show " + printable(path) + ": " + placed.error().message());
  }
  return io::write_file_atomic(file, TRY(image::encode_png(sheet)));
}

}  // namespace elanus::cli
