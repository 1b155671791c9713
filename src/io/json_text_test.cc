#include "io/json_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "io/path_json.h"

namespace elanus::io {
namespace {

using namespace std::string_literals;

TEST(JsonText, StringsAreThoseOfADocument) {
  for (const std::string& text : {""s, "a red car"s, "\"\\/"s, "a\nb\tc\x01\x7f"s, "\0"s, "ü 日本 🐦 \u2028"s,
                                  "a\xff z"s, "\xed\xa0\x80"s}) {
    std::string written = "x";
    append_json_string(written, text);
    EXPECT_EQ(written, "x" + to_text(nlohmann::json(text)));
  }
}

TEST(JsonText, NumbersComeBackAsTheyWere) {
  using Limits = std::numeric_limits<double>;
  for (const double number : {0.0, -1.0, 0.1, 1e-9, 1.0 / 3, 0.5920000076293945, 1e300, Limits::min(),
                              Limits::denorm_min(), Limits::max()}) {
    std::string written;
    append_json_number(written, number);
    EXPECT_EQ(nlohmann::json::parse(written).get<double>(), number) << written;
  }
  std::string written;
  append_json_number(written, Limits::infinity());
  append_json_number(written, Limits::quiet_NaN());
  EXPECT_EQ(written, "nullnull");
}

}  // namespace
}  // namespace elanus::io
