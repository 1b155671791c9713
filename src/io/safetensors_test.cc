#include "io/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace elanus::io {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

std::string file_of(const std::string& header, const std::string& data) {
  const uint64_t length = header.size();
  std::string text(8, '\0');
  std::memcpy(text.data(), &length, 8);
  return text + header + data;
}

Result<TensorMap> read_tensors(const std::string& text) {
  return parse_safetensors(std::as_bytes(std::span(text)), "m");
}

std::string tensors_error(const std::string& header, const std::string& data) {
  const auto tensors = read_tensors(file_of(header, data));
  EXPECT_FALSE(tensors.ok()) << header;
  return tensors.ok() ? "" : tensors.error().message();
}

TEST(Safetensors, ReadsTensors) {
  const std::string text = file_of(
      R"({"__metadata__": {"format": "pt"}, "b": {"dtype": "F16", "shape": [2, 3], "data_offsets": [8, 20]},
          "a": {"dtype": "I64", "shape": [], "data_offsets": [0, 8]},
          "none": {"dtype": "F32", "shape": [0, 7], "data_offsets": [20, 20]}}   )",
      std::string(20, 'x'));
  const auto tensors = read_tensors(text);
  ASSERT_TRUE(tensors.ok()) << tensors.error().message();
  ASSERT_EQ(tensors->size(), 3u);
  const TensorView& b = tensors->at("b");
  EXPECT_EQ(b.dtype, Dtype::f16);
  EXPECT_THAT(b.shape, ElementsAre(2u, 3u));
  EXPECT_EQ(b.elements(), 6u);
  EXPECT_EQ(b.data.data(), std::as_bytes(std::span(text)).data() + text.size() - 12);
  EXPECT_EQ(tensors->at("a").dtype, Dtype::other);
  EXPECT_EQ(tensors->at("a").dtype_name, "I64");
  EXPECT_EQ(tensors->at("a").elements(), 1u);
}

TEST(Safetensors, EveryCutIsAnError) {
  const std::string text =
      file_of(R"({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}})", "12345678");
  ASSERT_TRUE(read_tensors(text).ok());
  for (size_t n = 0; n < text.size(); ++n) EXPECT_FALSE(read_tensors(text.substr(0, n)).ok()) << n;
}

TEST(Safetensors, ALyingHeaderLengthIsAnError) {
  std::string text = file_of("{}", "");
  for (const uint64_t length : {uint64_t{3}, uint64_t{1} << 40, UINT64_MAX}) {
    std::memcpy(text.data(), &length, 8);
    const auto tensors = read_tensors(text);
    ASSERT_FALSE(tensors.ok());
    EXPECT_THAT(tensors.error().message(),
                HasSubstr("a header of " + std::to_string(length) + " bytes, found 2"));
  }
}

TEST(Safetensors, SizesMustAgree) {
  EXPECT_EQ(tensors_error(R"({"w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 8]}})", "12345678"),
            "m: tensor w: expected 24 bytes for F32 [2, 3], found 8");
  EXPECT_THAT(
      tensors_error(R"({"w": {"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 0]}})",
                    ""),
      HasSubstr("too large"));
  EXPECT_THAT(tensors_error(R"({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}})", "1234"),
              HasSubstr("within 4 bytes of data, found [0, 8]"));
  EXPECT_THAT(tensors_error(R"({"w": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}})", "12345678"),
              HasSubstr("found [8, 0]"));
  EXPECT_THAT(tensors_error(R"({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}})", "12345678"),
              HasSubstr("expected 4 bytes of data after the header, found 8"));
}

TEST(Safetensors, RangesMustCoverTheDataOnce) {
  const auto two = [](const std::string& first, const std::string& second) {
    return R"({"a": {"dtype": "F32", "shape": [1], "data_offsets": )" + first +
           R"(}, "b": {"dtype": "F32", "shape": [1], "data_offsets": )" + second + "}}";
  };
  EXPECT_THAT(tensors_error(two("[0, 4]", "[2, 6]"), "123456"),
              HasSubstr("tensor b: overlaps the tensor before it: expected data to begin at 4, found 2"));
  EXPECT_THAT(tensors_error(two("[0, 4]", "[6, 10]"), "1234567890"),
              HasSubstr("tensor b: leaves a gap before it"));
  EXPECT_THAT(tensors_error(two("[0, 4]", "[0, 4]"), "1234"), HasSubstr("overlaps"));
}

TEST(Safetensors, WrongKindsAreErrors) {
  EXPECT_THAT(tensors_error("[]", ""), HasSubstr("expected the header to be an object"));
  EXPECT_THAT(tensors_error("{", ""), HasSubstr("not valid JSON"));
  EXPECT_THAT(tensors_error(R"({"w": 1})", ""), HasSubstr("tensor w: expected an object"));
  EXPECT_THAT(tensors_error(R"({"w": {"dtype": 1}})", ""), HasSubstr("string \"dtype\""));
  EXPECT_THAT(tensors_error(R"({"w": {"dtype": "F7"}})", ""), HasSubstr("unknown dtype F7"));
  EXPECT_THAT(tensors_error(R"({"w": {"dtype": "F32", "shape": [-1]}})", ""), HasSubstr("\"shape\""));
  EXPECT_THAT(tensors_error(R"({"w": {"dtype": "F32", "shape": [1.5]}})", ""), HasSubstr("\"shape\""));
  EXPECT_THAT(tensors_error(R"({"w": {"dtype": "F32", "shape": [], "data_offsets": [0]}})", ""),
              HasSubstr("\"data_offsets\""));
  const std::string entry = R"({"dtype": "F32", "shape": [1], "data_offsets": [0, 4]})";
  EXPECT_THAT(tensors_error("{\"w\": " + entry + ", \"w\": " + entry + "}", "1234"),
              HasSubstr("names 'w' twice"));
}

}  // namespace
}  // namespace elanus::io
