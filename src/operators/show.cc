#include "operators/show.h"

#include <algorithm>
#include <cstdio>

#include "image/fit.h"
#include "io/file.h"
#include "preview/strip.h"
#include "preview/table.h"

namespace elanus::operators {
namespace {

constexpr uint32_t kHtmlSide = 240;

std::string fixed(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

// Small already here, so that a table of many pictures stays small.
Result<image::Image> read_picture(const std::string& path, uint32_t side) {
  const auto bytes = TRY(image_load()(path));
  return image::fit(TRY(image::decode(bytes, {.scale_to_short_side = side})), side, side);
}

}  // namespace

preview::Shown shown(const store::Hit& hit, uint32_t side) {
  const std::string name = hit.picture.path.substr(hit.picture.path.rfind('/') + 1);
  preview::Shown shown{std::nullopt, fixed(static_cast<double>(hit.cosine), 3) + " " + name};
  auto picture = read_picture(hit.picture.path, side);
  if (picture.ok())
    shown.picture = std::move(*picture);
  else
    shown.caption += " (" + picture.error().message() + ")";
  return shown;
}

preview::Cell to_cell(std::string_view text, uint32_t) { return {std::string(text), {}}; }
preview::Cell to_cell(int64_t value, uint32_t) { return {std::to_string(value), {}}; }
preview::Cell to_cell(uint64_t value, uint32_t) { return {std::to_string(value), {}}; }
preview::Cell to_cell(double value, uint32_t) { return {fixed(value, 4), {}}; }

preview::Cell to_cell(const Embedding& vector, uint32_t) {
  std::string text = "[";
  for (size_t i = 0; i < std::min<size_t>(vector.size(), 2); ++i)
    text += (i ? ", " : "") + fixed(static_cast<double>(vector[i]), 3);
  if (vector.size() > 2) text += ", ...";
  return {text + "] shape=(" + std::to_string(vector.size()) + ",)", {}};
}

preview::Cell to_cell(const image::Image& picture, uint32_t side) {
  const std::string size = std::to_string(picture.full_width) + " x " + std::to_string(picture.full_height);
  auto small = image::fit(picture, side, side);
  if (!small.ok()) return {small.error().message(), {}};
  return {"", {{std::move(*small), size}}};
}

preview::Cell to_cell(std::span<const store::Hit> hits, uint32_t side) {
  preview::Cell cell;
  for (const auto& hit : hits) cell.pictures.push_back(shown(hit, side));
  return cell;
}

void Display::begin(std::span<const std::string_view> names) {
  names_.assign(names.begin(), names.end());
  rows_.clear();
}

TerminalTable::TerminalTable(std::ostream& out, const preview::Terminal& terminal)
    : Display(preview::tile_pixels(terminal)), out_(out), terminal_(terminal) {}

Result<void> TerminalTable::end() {
  out_ << TRY(preview::table_text(names(), rows(), terminal_)) << std::flush;
  if (!out_) return Error(ErrorKind::io, "cannot write the table to its stream");
  return {};
}

HtmlTable::HtmlTable(std::filesystem::path file, std::string title)
    : Display(kHtmlSide), file_(std::move(file)), title_(std::move(title)) {}

Result<void> HtmlTable::end() {
  return io::write_text_atomic(file_, TRY(preview::html_page(title_, names(), rows())));
}

}  // namespace elanus::operators
