#include "io/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace elanus::io {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

std::string error_of(std::string_view text) {
  const auto csv = parse_csv(text, "t.csv");
  EXPECT_FALSE(csv.ok());
  if (csv.ok()) return "";
  EXPECT_EQ(csv.error().kind(), ErrorKind::corrupt);
  return csv.error().message();
}

TEST(Csv, ReadsNamedColumns) {
  const auto csv = parse_csv("\xEF\xBB\xBFid,path\r\n1,a.jpg\r\n\r\n2,b.jpg", "t");
  ASSERT_TRUE(csv.ok());
  EXPECT_THAT(csv->columns, ElementsAre("id", "path"));
  EXPECT_THAT(csv->rows, ElementsAre(ElementsAre("1", "a.jpg"), ElementsAre("2", "b.jpg")));
  EXPECT_THAT(csv->lines, ElementsAre(2u, 4u));
  EXPECT_EQ(csv->column("path"), 1u);
  EXPECT_EQ(csv->column("Path"), std::nullopt);
}

TEST(Csv, QuotesHoldCommasQuotesAndLines) {
  const auto csv = parse_csv("a,b\n\"x, \"\"y\"\"\n z\",\n1,2\n", "t");
  ASSERT_TRUE(csv.ok());
  EXPECT_THAT(csv->rows, ElementsAre(ElementsAre("x, \"y\"\n z", ""), ElementsAre("1", "2")));
  EXPECT_THAT(csv->lines, ElementsAre(2u, 4u));
}

TEST(Csv, AQuoteInsideAPlainCellIsAQuote) {
  EXPECT_THAT(parse_csv("a\n5\" nail\n", "t").value().rows, ElementsAre(ElementsAre("5\" nail")));
}

TEST(Csv, ErrorsNameTheLine) {
  EXPECT_EQ(error_of("a,b\n1,2\n1\n"), "t.csv line 3: expected 2 cells, got 1");
  EXPECT_EQ(error_of("a,b\n1,2,3\n"), "t.csv line 2: expected 2 cells, got more");
  EXPECT_THAT(error_of("a\n\"x\n"), HasSubstr("line 2: a quote opens here and never closes"));
  EXPECT_THAT(error_of("a\n\"x\"y\n"), HasSubstr("line 2: text after a closing quote"));
  EXPECT_THAT(error_of("a,b,a\n"), HasSubstr("line 1: column 'a' is named twice"));
  EXPECT_THAT(error_of("\n\n"), HasSubstr("is empty"));
}

TEST(Csv, WhatCsvCellWritesIsReadBack) {
  for (const std::string text :
       {"plain", "", "a,b", "say \"hi\"", "two\nlines", "cr\rhere", "\"\"", " spaces "}) {
    const auto csv = parse_csv("x,y\n" + csv_cell(text) + ",1\n", "t");
    ASSERT_TRUE(csv.ok()) << text;
    EXPECT_EQ(csv->rows[0][0], text);
  }
}

}  // namespace
}  // namespace elanus::io
