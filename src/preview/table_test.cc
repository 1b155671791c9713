#include "preview/table.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace elanus::preview {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Shown square(const std::string& caption) {
  return {image::Image{2, 2, std::vector<uint8_t>(12, 200), 2, 2}, caption};
}

const std::vector<std::string> kColumns{"text", "result"};

TEST(TableText, WordsInColumns) {
  const std::vector<std::vector<Cell>> rows{{{"a white dog", {}}, {"1", {}}}, {{"a", {}}, {"23", {}}}};
  EXPECT_EQ(*table_text(kColumns, rows, {}),
            "text         result\na white dog  1     \na            23    \n");
}

TEST(TableText, PicturesStandInRowsAsWideAsTheTerminal) {
  const std::vector<std::vector<Cell>> rows{
      {{"dog", {}}, {"", {square("one"), square("two"), square("three")}}}};
  // Two tiles of 36 and a gap fit beside the words, the third goes below.
  const std::string text = *table_text(kColumns, rows, {Graphics::blocks, 90, 10, 20});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1 + 2 * 15);
  EXPECT_LT(text.find("two"), text.find("three"));
  EXPECT_THAT(text.substr(0, text.find("two")), HasSubstr("one"));
}

TEST(TableText, DrawingsAreDrawnStripByStrip) {
  const std::vector<std::vector<Cell>> rows{
      {{"dog", {}}, {"", {square("one"), square("two"), square("three")}}}};
  const std::string text = *table_text(kColumns, rows, {Graphics::kitty, 90, 10, 20});
  const size_t first = text.find("\x1b_G"), third = text.find("\x1b_G", text.find("\x1b_G", first + 1) + 1);
  EXPECT_LT(first, text.find("three"));
  EXPECT_GT(third, text.find("three"));
}

TEST(HtmlPage, HasEverythingInItAndTrustsNoWords) {
  const std::vector<std::vector<Cell>> rows{
      {{"<b>dog</b>", {}}, {"", {square("a & \"b\".png"), {std::nullopt, "gone"}}}}};
  const std::string page = *html_page("Dogs", kColumns, rows);
  EXPECT_THAT(page, StartsWith("<!doctype html>"));
  EXPECT_THAT(page, HasSubstr("<th>result</th>"));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;dog"));
  EXPECT_THAT(page, HasSubstr("alt=\"a &amp; &quot;b&quot;.png\" src=\"data:image/png;base64,iVBOR"));
  EXPECT_THAT(page, HasSubstr("<figure><figcaption>gone"));
  EXPECT_THAT(page, Not(HasSubstr("http"))) << "no other file, no other host";
}

}  // namespace
}  // namespace elanus::preview
