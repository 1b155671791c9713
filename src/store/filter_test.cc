#include "store/filter.h"

#include <fnmatch.h>
#include <gtest/gtest.h>

#include "store/test_filters.h"

namespace elanus::store {
namespace {

Picture known() {
  Picture picture;
  picture.path = "/photos/2023/IMG_1.JPEG";
  picture.size = 1000;
  picture.captured_s = -5;
  picture.label = "dog";
  picture.attributes = R"({"place":"north","stars":4,"flash":false,"n":"7"})";
  return picture;
}

bool is(const Filter& filter) { return matches(filter, 7, known()); }

TEST(Filter, NumbersCompareAndUnknownOnesNever) {
  using enum Comparison;
  const auto size = [](Comparison comparison, int64_t value) {
    return is({NumberIs{NumberField::size, comparison, value}});
  };
  EXPECT_TRUE(size(eq, 1000) && size(ne, 999) && size(lt, 1001) && size(le, 1000) && size(gt, 999) &&
              size(ge, 1000));
  EXPECT_FALSE(size(eq, 999) || size(ne, 1000) || size(lt, 1000) || size(le, 999) || size(gt, 1000) ||
               size(ge, 1001));
  EXPECT_TRUE(is({NumberIs{NumberField::captured_s, lt, 0}})) << "before 1970";
  for (const Comparison comparison : {eq, ne, lt, le, gt, ge})
    EXPECT_FALSE(is({NumberIs{NumberField::width, comparison, 0}})) << "the width is not known";
  EXPECT_TRUE(is({NoneOf{{{NumberIs{NumberField::width, ge, 1}}}}}));
}

TEST(Filter, TextsIdsAndAttributes) {
  EXPECT_TRUE(is({TextIs{TextField::label, TextMatch::equal, "dog"}}));
  EXPECT_FALSE(is({TextIs{TextField::label, TextMatch::equal, "Dog"}}));
  EXPECT_TRUE(is({TextIs{TextField::camera, TextMatch::equal, ""}}));
  EXPECT_TRUE(is({TextIs{TextField::path, TextMatch::prefix, "/photos/2023"}}));
  EXPECT_TRUE(is({TextIs{TextField::path, TextMatch::glob, "*/IMG_?.*"}}));
  EXPECT_TRUE(is({TextIs{TextField::type, TextMatch::equal, "jpg"}}));
  EXPECT_TRUE(is({IdIn{{9, 7}}}));
  EXPECT_FALSE(is({IdIn{}}));
  EXPECT_TRUE(is({AttributeIs{"place", Comparison::eq, "north"}}));
  EXPECT_TRUE(is({AttributeIs{"stars", Comparison::ge, 3.5}}));
  EXPECT_TRUE(is({AttributeIs{"flash", Comparison::ne, true}}));
  EXPECT_FALSE(is({AttributeIs{"n", Comparison::eq, 7.0}})) << "a text is no number";
  EXPECT_FALSE(is({AttributeIs{"missing", Comparison::ne, 7.0}}));
}

TEST(Filter, NothingInside) {
  EXPECT_TRUE(is({}));
  EXPECT_TRUE(is_everything({}));
  EXPECT_FALSE(is({AnyOf{}}));
  EXPECT_TRUE(is({NoneOf{}}));
  EXPECT_FALSE(is_everything({NoneOf{}}));
}

TEST(Glob, AgreesWithThatOfTheSystem) {
  std::mt19937_64 random(3);
  const auto draw = [&](const char* letters, size_t length) {
    std::string text;
    for (size_t n = random() % (length + 1); n > 0; --n)
      text += letters[random() % std::string_view(letters).size()];
    return text;
  };
  int matched = 0;
  for (int i = 0; i < 200'000; ++i) {
    const std::string pattern = draw("ab*?[]!-a", 8), text = draw("aab]-!", 6);
    // The system's goes its own ways with a range that runs backwards or has no end.
    if (pattern.find('-') != std::string::npos && pattern.find('[') != std::string::npos) continue;
    const bool expected = ::fnmatch(pattern.c_str(), text.c_str(), FNM_NOESCAPE) == 0;
    ASSERT_EQ(glob_matches(pattern, text), expected) << pattern << " " << text;
    matched += expected;
  }
  EXPECT_GT(matched, 5'000);
}

TEST(Glob, CharactersAndRanges) {
  EXPECT_TRUE(glob_matches("c?t", "c\xc3\xa4t")) << "one character of two bytes";
  EXPECT_TRUE(glob_matches("c??t", "c\xff\xfet")) << "bytes that are no UTF-8";
  EXPECT_TRUE(glob_matches("[\xc3\xa0-\xc3\xbf]", "\xc3\xa4"));
  EXPECT_FALSE(glob_matches("[a-z]", "\xc3\xa4"));
  EXPECT_TRUE(glob_matches("[!a-z]", "\xc3\xa4"));
  EXPECT_TRUE(glob_matches("[a-c]x[]]", "bx]"));
  EXPECT_TRUE(glob_matches("[a-]", "-"));
  EXPECT_TRUE(glob_matches("a*b", std::string_view("a\0/b", 4)));
  EXPECT_FALSE(glob_matches("*??", "\xf0\x9f\x90\x95")) << "a star takes no half characters";
  EXPECT_TRUE(glob_matches("", ""));
  EXPECT_TRUE(glob_matches("**", ""));
}

TEST(Glob, ManyStarsTakeNoLongTime) {
  std::string pattern;
  for (int i = 0; i < 1000; ++i) pattern += "a*";
  EXPECT_FALSE(glob_matches(pattern + "b", std::string(60'000, 'a')));
}

TEST(PictureType, IsTheSuffixInOneSpelling) {
  EXPECT_EQ(picture_type("/a.b/C.JPEG"), "jpg");
  EXPECT_EQ(picture_type("x.tiff"), "tif");
  EXPECT_EQ(picture_type("x.tar.gz"), "gz");
  EXPECT_EQ(picture_type("/a.b/c"), "");
  EXPECT_EQ(picture_type(".hidden"), "");
  EXPECT_EQ(picture_type("dot."), "");
  EXPECT_EQ(normal_type(".JFIF"), "jpg");
}

}  // namespace
}  // namespace elanus::store
