#include "preview/html.h"

#include "base/base64.h"
#include "image/fit.h"
#include "image/png_writer.h"
#include "preview/text.h"

namespace elanus::preview {
namespace {

constexpr uint32_t kSide = 240;  // pixels

constexpr std::string_view kHead =
    R"(<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color-scheme: light dark; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .5rem 1rem; border-top: 1px solid #8884; }
td > div { display: flex; flex-wrap: wrap; gap: .75rem; }
figure { margin: 0; }
figcaption { max-width: 240px; overflow-wrap: anywhere; font-size: .85em; opacity: .75; }
</style>
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  return out;
}

Result<std::string> figure(const Shown& shown) {
  std::string html = "<figure>";
  if (shown.picture) {
    const auto small = TRY(image::fit(*shown.picture, kSide, kSide));
    const auto png = TRY(image::encode_png(small));
    html += "<img width=\"" + std::to_string(small.width) + "\" height=\"" + std::to_string(small.height) +
            "\" alt=\"" + escaped(shown.caption) + "\" src=\"data:image/png;base64," +
            base::base64({reinterpret_cast<const char*>(png.data()), png.size()}) + "\">";
  }
  return html + "<figcaption>" + escaped(shown.caption) + "</figcaption></figure>";
}

}  // namespace

Result<std::string> html_page(std::string_view title, std::span<const std::string> columns,
                              std::span<const std::vector<Cell>> rows) {
  std::string html = "<!doctype html>\n<html lang=\"en\">\n<title>" + escaped(title) + "</title>\n" +
                     std::string(kHead) + "<table>\n<tr>";
  for (const auto& column : columns) html += "<th>" + escaped(column) + "</th>";
  html += "</tr>\n";
  for (const auto& row : rows) {
    html += "<tr>";
    for (const auto& cell : row) {
      html += "<td>" + escaped(cell.text);
      if (!cell.pictures.empty()) {
        html += "<div>";
        for (const auto& shown : cell.pictures) html += TRY(figure(shown));
        html += "</div>";
      }
      html += "</td>";
    }
    html += "</tr>\n";
  }
  return html + "</table>\n</html>\n";
}

}  // namespace elanus::preview
