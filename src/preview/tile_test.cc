#include "preview/tile.h"

#include <gmock/gmock.h>

#include "preview/text.h"

namespace elanus::preview {
namespace {

using testing::ElementsAre;

TEST(TextTile, ALineForEachLine) {
  EXPECT_THAT(text_tile("one\nthree", 4).lines, ElementsAre("one ", "thr…"));
  EXPECT_THAT(text_tile("", 2).lines, ElementsAre("  "));
}

TEST(Beside, FillsUpTheLowerOne) {
  const Tile row = beside({text_tile("a\nb", 2), text_tile("c", 3)}, 1);
  EXPECT_THAT(row.lines, ElementsAre("a  c  ", "b     "));
  EXPECT_EQ(row.columns, 6u);
}

TEST(Above, FillsUpTheNarrowerOne) {
  const Tile stack = above(text_tile("a", 1), text_tile("bc", 3));
  EXPECT_THAT(stack.lines, ElementsAre("a  ", "bc "));
}

TEST(Drawings, KeepTheirPlaceWhereverTheirTileGoes) {
  Tile picture = text_tile("\n", 5);
  picture.drawings.push_back({1, 1, "<draw>"});
  const Tile all = above(text_tile("head", 4), beside({text_tile("words", 7), picture}, 2));
  ASSERT_EQ(all.drawings.size(), 1u);
  EXPECT_EQ(all.drawings[0].column, 10u);
  EXPECT_EQ(all.drawings[0].line, 2u);
  // Printed: three lines, then from the line below them one up, to column 11 (columns are counted from 1),
  // and back.
  const std::string text = to_text(all);
  EXPECT_EQ(text.substr(text.rfind('\n') + 1),
            "\x1b"
            "7\x1b[1A\x1b[11G<draw>\x1b"
            "8");
}

}  // namespace
}  // namespace elanus::preview
