#include "server/search_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace elanus::server {
namespace {

store::Picture picture(const std::string& path) {
  store::Picture picture;
  picture.path = path;
  return picture;
}

bool kept(const Pairs& parameters, const store::Picture& picture, int64_t id = 1) {
  const auto request = parse_search(parameters);
  EXPECT_TRUE(request.ok()) << request.error().message();
  return store::matches(request->filter, id, picture);
}

void expect_parameter_refused(const std::string& name, const std::string& value, const std::string& words) {
  const auto request = parse_search({{name, value}});
  ASSERT_FALSE(request.ok()) << name << "=" << value;
  EXPECT_EQ(request.error().kind(), ErrorKind::invalid_argument);
  EXPECT_THAT(request.error().message(), testing::HasSubstr(words));
  EXPECT_THAT(request.error().message(), testing::HasSubstr(name));
}

TEST(SearchRequest, EveryParameter) {
  const auto request = parse_search({{"q", "a boat"},
                                     {"like", "-7"},
                                     {"k", "500"},
                                     {"min", "0.25"},
                                     {"sort", "date"},
                                     {"cursor", Cursor{60, 0.5f, 9}.text()},
                                     {"picture", "abc"},
                                     {"label", ""}});
  ASSERT_TRUE(request.ok()) << request.error().message();
  EXPECT_EQ(request->words, "a boat");
  EXPECT_EQ(request->like, -7);
  EXPECT_EQ(request->k, 500u);
  EXPECT_EQ(request->min_cosine, 0.25f);
  EXPECT_EQ(request->sort, Sort::date);
  EXPECT_EQ(request->picture, "abc");
  ASSERT_TRUE(request->cursor);
  EXPECT_EQ(request->cursor->given, 60u);
  EXPECT_EQ(request->cursor->cosine, 0.5f);
  EXPECT_EQ(request->cursor->id, 9);
}

TEST(SearchRequest, DefaultsKeepEverything) {
  const auto request = parse_search({});
  EXPECT_EQ(request->k, 10u);
  EXPECT_TRUE(store::is_everything(request->filter));
}

TEST(SearchRequest, BadValuesAreNamed) {
  expect_parameter_refused("k", "0", "1 to 500, got '0'");
  expect_parameter_refused("k", "501", "got '501'");
  expect_parameter_refused("k", "10 ", "got '10 '");
  expect_parameter_refused("min", "nan", "a cosine");
  expect_parameter_refused("min", "1.5", "a cosine");
  expect_parameter_refused("sort", "size", "relevance, date or name");
  expect_parameter_refused("like", "x", "the id of a picture");
  expect_parameter_refused("cursor", "1.2", "of a page before");
  expect_parameter_refused("cursor", "99999.0.1", "of a page before");
  expect_parameter_refused("cursor", "1.2143289344.1", "of a page before");  // a NaN's bits
  expect_parameter_refused("url", "http://169.254.169.254/", "unknown parameter");
  expect_parameter_refused("q", std::string(5000, 'x'), "4096 bytes");
  expect_parameter_refused("after", "2023-13", "2023-13");
  expect_parameter_refused("before", "yesterday", "yesterday");
}

TEST(SearchRequest, FiltersMeanWhatTheyMeanOnTheCommandLine) {
  EXPECT_TRUE(kept({{"path", "/a/b"}}, picture("/a/b/c.jpg")));
  EXPECT_FALSE(kept({{"path", "/a/b"}}, picture("/a/bc.jpg")));
  EXPECT_TRUE(kept({{"type", "png,JPEG"}}, picture("/a.jpg")));
  EXPECT_FALSE(kept({{"type", "png"}}, picture("/a.jpg")));
  auto one = picture("/a");
  one.label = "dog, asleep";
  one.captured_s = 1'686'787'200;  // 2023-06-15
  EXPECT_TRUE(kept({{"label", "dog, asleep"}, {"after", "2023-06-15"}, {"before", "2023-07"}}, one));
  EXPECT_FALSE(kept({{"after", "2023-06-16"}}, one));
  EXPECT_FALSE(parse_search({{"where", "label ="}}).ok());
}

TEST(SearchRequest, LikeLeavesThePictureItselfOut) {
  EXPECT_FALSE(kept({{"like", "5"}}, picture("/a"), 5));
  EXPECT_TRUE(kept({{"like", "5"}}, picture("/a"), 6));
}

TEST(ParametersOf, TextsNumbersAndLists) {
  const auto pairs =
      parameters_of({{"q", "a"}, {"k", 3}, {"min", 0.5}, {"type", {"jpg", "png"}}, {"label", nullptr}});
  ASSERT_TRUE(pairs.ok());
  EXPECT_THAT(*pairs,
              testing::UnorderedElementsAre(testing::Pair("q", "a"), testing::Pair("k", "3"),
                                            testing::Pair("min", "0.5"), testing::Pair("type", "jpg,png")));
  EXPECT_FALSE(parameters_of({{"q", true}}).ok());
  EXPECT_FALSE(parameters_of({{"type", {1, 2}}}).ok());
  EXPECT_FALSE(parameters_of("text").ok());
}

}  // namespace
}  // namespace elanus::server
