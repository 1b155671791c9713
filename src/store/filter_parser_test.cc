#include "store/filter_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/collection.h"

namespace elanus::store {
namespace {

Picture holiday() {
  Picture picture;
  picture.path = "/photos/2023/beach \"1\".JPEG";
  picture.size = 2'000'000;
  picture.mtime_ns = 1'700'000'000'000'000'000;  // 2023-11-14T22:13:20Z
  picture.captured_s = 1'686'832'496;            // 2023-06-15T12:34:56
  picture.width = 1600;
  picture.height = 1200;
  picture.label = "dog";
  picture.camera = "Canon EOS 5D";
  picture.attributes = R"({"stars":4,"place":"North Sea","ok":true,"two words":"x"})";
  return picture;
}

bool keeps(const std::string& text) {
  const auto filter = parse_filter(text);
  EXPECT_TRUE(filter.ok()) << (filter.ok() ? "" : filter.error().message());
  return filter.ok() && matches(*filter, 7, holiday());
}

std::string refusal(const std::string& text) {
  const auto filter = parse_filter(text);
  EXPECT_FALSE(filter.ok()) << text;
  if (filter.ok()) return "";
  EXPECT_EQ(filter.error().kind(), ErrorKind::invalid_argument);
  return filter.error().message();
}

TEST(FilterParser, EveryKindOfComparison) {
  for (const char* text : {"label = dog",
                           "label == 'dog'",
                           "label != cat",
                           "label <> cat",
                           "label in (cat, dog)",
                           "camera glob Canon*",
                           "path startswith /photos/2023",
                           R"(path = "/photos/2023/beach \"1\".JPEG")",
                           "path glob '*beach*'",
                           "type = jpg",
                           "type = JPEG",
                           "type in (png,jpg)",
                           "width = 1600",
                           "width>=1600",
                           "height<1201",
                           "size > 1999999",
                           "size != 3",
                           "id = 7",
                           "id != 8",
                           "id in (1, 7, -3)",
                           "attributes.stars >= 3.5",
                           R"(attributes.place = "North Sea")",
                           "attributes.ok = true",
                           "attributes.ok != false",
                           R"(attributes."two words" = x)"})
    EXPECT_TRUE(keeps(text)) << text;
  for (const char* text :
       {"label = Dog", "label = ''", "label in (cat)", "camera glob canon*", "path startswith photos",
        "type = png", "width < 1600", "id = 8", "id != 7", "id in (1)", "attributes.stars = '4'",
        "attributes.place = 4", "attributes.missing != 4", "attributes.ok = 'true'"})
    EXPECT_FALSE(keeps(text)) << text;
}

TEST(FilterParser, DatesAreWholePeriods) {
  for (const char* text :
       {"captured = 2023", "captured = 2023-06", "captured = 2023-06-15", "captured = 2023-06-15T12:34",
        "captured = 2023-06-15T12:34:56", "captured >= 2023-06-15", "captured <= 2023-06-15",
        "captured > 2022", "captured < 2023-07", "captured != 2022", "captured = '2023-06-15 12:34'",
        "modified = 2023-11-14", "modified > 2023-11-14T22:13:19", "modified < 2023-11-15"})
    EXPECT_TRUE(keeps(text)) << text;
  for (const char* text :
       {"captured > 2023", "captured < 2023", "captured != 2023-06", "captured > 2023-06-15T12:34:56",
        "captured = 2023-06-15T12:34:55", "modified = 2023-11-15", "modified < 2023-11-14T22:13:20"})
    EXPECT_FALSE(keeps(text)) << text;
}

TEST(FilterParser, AndBindsCloserThanOr) {
  EXPECT_TRUE(keeps("label = dog or label = cat and width = 1"));
  EXPECT_FALSE(keeps("(label = dog or label = cat) and width = 1"));
  EXPECT_TRUE(keeps("not label = cat and not (width = 1 or height = 1)"));
  EXPECT_TRUE(keeps("not not label = dog"));
  EXPECT_TRUE(keeps("NOT label = cat AND (width = 1 OR label IN (dog))"));
  EXPECT_TRUE(keeps("label=dog and(width=1600)"));
}

TEST(FilterParser, SaysWhatIsWrongAndWhere) {
  using testing::HasSubstr;
  EXPECT_THAT(refusal(""), HasSubstr("at byte 1: expected path, label"));
  EXPECT_THAT(refusal("lable = dog"), HasSubstr("at byte 1: expected path, label, camera, type"));
  EXPECT_THAT(refusal("label dog"),
              HasSubstr("at byte 7: expected =, !=, in, glob or startswith, got \"dog\""));
  EXPECT_THAT(refusal("label = "), HasSubstr("got its end"));
  EXPECT_THAT(refusal("label = dog width = 3"), HasSubstr("at byte 13: expected \"and\", \"or\" or the end"));
  EXPECT_THAT(refusal("(label = dog"), HasSubstr("\")\""));
  EXPECT_THAT(refusal("label = \"dog"), HasSubstr("a closing \""));
  EXPECT_THAT(refusal("width >= big"), HasSubstr("a whole number, got \"big\""));
  EXPECT_THAT(refusal("width => 3"), HasSubstr("got \"=>\""));
  EXPECT_THAT(refusal("captured > yesterday"), HasSubstr("expected a date such as 2023"));
  EXPECT_THAT(refusal("captured > 2023-02-30"), HasSubstr("2023-02-30"));
  EXPECT_THAT(refusal("modified > 9999"), HasSubstr("from 1678 to 2261"));
  EXPECT_THAT(refusal("id in ()"), HasSubstr("an id, a whole number"));
  EXPECT_THAT(refusal("attributes.ok < true"), HasSubstr("truth value"));
  EXPECT_THAT(refusal("width = 99999999999999999999"), HasSubstr("a whole number"));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "(";
  EXPECT_THAT(refusal(deep), HasSubstr("at most 32 levels"));
  std::string wide = "id = 1";
  for (size_t i = 0; i < kMaxFilterNodes; ++i) wide += " or id = 2";
  EXPECT_THAT(refusal(wide), HasSubstr("more than 4096 parts"));
}

TEST(Period, OfEverySpelling) {
  const auto length = [](const char* date) {
    const auto period = parse_period(date).value();
    return period.end_s - period.begin_s;
  };
  EXPECT_EQ(length("2023"), 365 * 86'400);
  EXPECT_EQ(length("2024"), 366 * 86'400);
  EXPECT_EQ(length("2023-12"), 31 * 86'400);
  EXPECT_EQ(length("2024-02-29"), 86'400);
  EXPECT_EQ(length("0001-01-01T00:00"), 60);
  EXPECT_EQ(parse_period("1970-01-01T00:00:01").value().begin_s, 1);
  for (const char* wrong : {"", "23", "2023-", "2023-6", "2023-06-15T", "2023-06-15T12", "2023-06-15T24:00",
                            "0000", "2023-06-15T12:34:60", "2023/06/15", "+023", "20x3", "2023-06-15X12:34"})
    EXPECT_FALSE(parse_period(wrong).ok()) << wrong;
}

}  // namespace
}  // namespace elanus::store
