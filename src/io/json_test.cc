#include "io/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace elanus::io {
namespace {
using testing::HasSubstr;

TEST(Json, Parses) {
  const auto json = parse_json(R"({"a": [1, "]["], "a": 2})", "t");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["a"], 2);
}

TEST(Json, BrokenTextIsAnErrorAndNoException) {
  for (const char* text : {"", "{", "[1,]", "{\"a\" 1}", "\"\xff\"", "1e999", "nul", "[1] x"}) {
    const auto json = parse_json(text, "t.json");
    ASSERT_FALSE(json.ok()) << text;
    EXPECT_EQ(json.error().kind(), ErrorKind::corrupt);
    EXPECT_THAT(json.error().message(), HasSubstr("t.json is not valid JSON"));
  }
}

TEST(Json, DepthAndSizeAreBounded) {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  EXPECT_THAT(parse_json(deep, "t").error().message(),
              HasSubstr("nests JSON 100000 deep, expected at most 64"));
  EXPECT_TRUE(parse_json(std::string(64, '[') + std::string(64, ']'), "t").ok());
  EXPECT_EQ(parse_json("[1,2]", "t", {.max_bytes = 4}).error().kind(), ErrorKind::too_large);
}

TEST(Json, ARepeatedKeyCanBeRefused) {
  const auto json = parse_json(R"({"a": {"x": 1, "x": 2}, "b": 1, "a": 2})", "t", {.unique_keys = true});
  ASSERT_FALSE(json.ok());
  EXPECT_THAT(json.error().message(), HasSubstr("names 'a' twice"));
}

}  // namespace
}  // namespace elanus::io
