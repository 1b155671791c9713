#include "io/path_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace elanus::io {
namespace {

TEST(AddPath, KeepsTheExactBytesWhenTheyAreNotUtf8) {
  nlohmann::json plain, odd;
  add_path(plain, "ü.jpg");
  EXPECT_FALSE(plain.contains("path_base64"));
  add_path(odd, "a\xff");
  EXPECT_EQ(odd["path_base64"], "Yf8=");
  add_path(odd, "\xff\xfe\xfd");
  EXPECT_EQ(odd["path_base64"], "//79");
}

TEST(ToText, NeverFails) {
  EXPECT_EQ(to_text({{"label", "a\xff"}}), "{\"label\":\"a\xef\xbf\xbd\"}");
  EXPECT_EQ(to_text({{"a", 1}}, true), "{\n  \"a\": 1\n}");
}

}  // namespace
}  // namespace elanus::io
