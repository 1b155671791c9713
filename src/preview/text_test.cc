#include "preview/text.h"

#include <gtest/gtest.h>

namespace elanus::preview {
namespace {

TEST(Printable, KeepsTextAndEscapesTheRest) {
  EXPECT_EQ(printable("a b/ü/日本.jpg"), "a b/ü/日本.jpg");
  EXPECT_EQ(printable("a\nb\xff.jpg\x1b[31m"), "a\\x0ab\\xff.jpg\\x1b[31m");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate is not UTF-8";
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\xc2\\x9b31m")
      << "the one-character form of ESC [";
}

TEST(CellWidth, WideCharactersAreTwoCombiningOnesNone) {
  EXPECT_EQ(cell_width("abc"), 3u);
  EXPECT_EQ(cell_width("日本"), 4u);
  EXPECT_EQ(cell_width("e\xcc\x81"), 1u);
}

TEST(Padded, IsAlwaysAsWideAsAskedFor) {
  EXPECT_EQ(padded("ab", 4), "ab  ");
  EXPECT_EQ(padded("abcdef", 4), "abc…");
  EXPECT_EQ(padded("日本語", 4), "日… ") << "half a wide character cannot be shown";
  EXPECT_EQ(padded("ab", 0), "");
  for (unsigned cells = 0; cells < 12; ++cells)
    for (const char* text : {"", "a", "日本語日本語", "e\xcc\x81tude", "a b/ü"})
      EXPECT_EQ(cell_width(padded(text, cells)), cells);
}

}  // namespace
}  // namespace elanus::preview
