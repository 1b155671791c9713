#include "base/base64.h"

#include <gtest/gtest.h>

namespace elanus::base {
namespace {

TEST(Base64, Rfc4648Section10) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) EXPECT_EQ(base64(bytes), text);
}

TEST(Base64, DecodesWhatItEncodes) {
  std::string bytes;
  for (int byte = 255; byte >= 0; --byte) {
    EXPECT_EQ(base64_decode(base64(bytes)), bytes);
    bytes += static_cast<char>(byte);
  }
  for (const char* text : {"A", "AAA", "AA=A", "A===", "AAA-", "====", "AAAA=", "AA==AAAA", "A\nAA"})
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
}

TEST(Base64, EveryByte) { EXPECT_EQ(base64(std::string("\x00\xff\xfe", 3)), "AP/+"); }

}  // namespace
}  // namespace elanus::base
