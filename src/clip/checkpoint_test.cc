#include "clip/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>

namespace elanus::clip {
namespace {
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Checkpoints : public testing::Test {
 protected:
  Checkpoints() { fs::create_directories(folder_); }
  ~Checkpoints() override { fs::remove_all(folder_); }

  // One tensor [2] per name, of the dtype and bytes given.
  void write(const std::string& file, const std::vector<std::string>& names, const std::string& dtype,
             const std::string& bytes) {
    std::string header = "{", data;
    for (const std::string& name : names) {
      header += (header.size() > 1 ? ",\"" : "\"") + name + "\":{\"dtype\":\"" + dtype +
                "\",\"shape\":[2],\"data_offsets\":[" + std::to_string(data.size()) + "," +
                std::to_string(data.size() + bytes.size()) + "]}";
      data += bytes;
    }
    header += "}";
    const uint64_t length = header.size();
    std::string text(8, '\0');
    std::memcpy(text.data(), &length, 8);
    ASSERT_TRUE(io::write_text_atomic(folder_ / file, text + header + data).ok());
  }

  void write_index(const std::string& weight_map) {
    ASSERT_TRUE(io::write_text_atomic(folder_ / "model.safetensors.index.json",
                                      "{\"weight_map\": " + weight_map + "}")
                    .ok());
  }

  std::string open_error() {
    const auto checkpoint = Checkpoint::open(folder_);
    EXPECT_FALSE(checkpoint.ok());
    return checkpoint.ok() ? "" : checkpoint.error().message();
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("elanus-checkpoint-" + std::to_string(::getpid()));
  const std::string f32_ = std::string("\x00\x00\x80\x3f\x00\x00\x00\xc0", 8);  // 1, -2
  const std::string f16_ = std::string("\x00\x3c\x00\xc0", 4);
  const std::string bf16_ = std::string("\x80\x3f\x00\xc0", 4);
};

TEST_F(Checkpoints, AllFloatKindsGiveTheSameValues) {
  for (const auto& [dtype, bytes] :
       {std::pair("F32", f32_), std::pair("F16", f16_), std::pair("BF16", bf16_)}) {
    write("model.safetensors", {"w"}, dtype, bytes);
    const auto checkpoint = Checkpoint::open(folder_);
    ASSERT_TRUE(checkpoint.ok()) << checkpoint.error().message();
    EXPECT_THAT(to_f32(checkpoint->tensor("w", {2}).value()), ElementsAre(1.f, -2.f)) << dtype;
    EXPECT_EQ(checkpoint->parameters(), 2u);
  }
}

TEST_F(Checkpoints, TensorErrorsNameFileTensorExpectedAndFound) {
  write("model.safetensors", {"w"}, "I16", f16_);
  const auto checkpoint = Checkpoint::open(folder_);
  ASSERT_TRUE(checkpoint.ok());
  const std::string file = (folder_ / "model.safetensors").string();
  EXPECT_EQ(checkpoint->tensor("v", {3, 4}).error().message(),
            file + ": no tensor v, expected one of shape [3, 4]");
  EXPECT_EQ(checkpoint->tensor("w", {3, 4}).error().message(),
            file + ": tensor w: expected shape [3, 4] (by its config), found [2]");
  EXPECT_EQ(checkpoint->tensor("w", {2}).error().message(),
            file + ": tensor w: expected dtype F32, F16 or BF16, found I16");
  EXPECT_EQ(checkpoint->parameters(), 0u);
}

TEST_F(Checkpoints, ShardsAreOneCheckpoint) {
  write("a.safetensors", {"x", "y"}, "F16", f16_);
  write("b.safetensors", {"z", "not listed"}, "F32", f32_);
  write_index(R"({"x": "a.safetensors", "y": "a.safetensors", "z": "b.safetensors"})");
  const auto checkpoint = Checkpoint::open(folder_);
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.error().message();
  EXPECT_THAT(to_f32(checkpoint->tensor("z", {2}).value()), ElementsAre(1.f, -2.f));
  EXPECT_FALSE(checkpoint->has("not listed"));
  EXPECT_EQ(checkpoint->parameters(), 6u);
  EXPECT_THAT(checkpoint->tensor("w", {2}).error().message(), HasSubstr("index.json: no tensor w"));
}

TEST_F(Checkpoints, AnIndexMustTellTheTruth) {
  write("a.safetensors", {"x"}, "F16", f16_);
  write_index(R"({"x": "a.safetensors", "y": "a.safetensors"})");
  EXPECT_THAT(open_error(), HasSubstr("expected tensor y in a.safetensors, found none"));
  write_index(R"({"x": "missing.safetensors"})");
  EXPECT_THAT(open_error(), HasSubstr("missing.safetensors"));
  for (const char* file : {"\"../a.safetensors\"", "\"/etc/passwd\"", "\"\"", "\"..\"", "1"}) {
    write_index("{\"x\": " + std::string(file) + "}");
    EXPECT_THAT(open_error(),
                HasSubstr("expected the name of a file in the same folder, found " + std::string(file)));
  }
  write_index("[]");
  EXPECT_THAT(open_error(), HasSubstr("\"weight_map\""));
}

TEST_F(Checkpoints, AFolderWithoutWeightsSaysWhatIsExpected) {
  EXPECT_THAT(open_error(),
              HasSubstr("expected model.safetensors (transformers), open_clip_model.safetensors"));
  ASSERT_TRUE(io::write_text_atomic(folder_ / "pytorch_model.bin", "x").ok());
  EXPECT_THAT(open_error(), HasSubstr("pytorch_model.bin is cut off or no zip archive"));
}

TEST_F(Checkpoints, TheHashIsThatOfTheContent) {
  write("model.safetensors", {"w"}, "F16", f16_);
  const std::string first = Checkpoint::open(folder_).value().hash();
  EXPECT_EQ(first.size(), 32u);
  EXPECT_EQ(Checkpoint::open(folder_).value().hash(), first);
  write("model.safetensors", {"w"}, "F16", bf16_);
  EXPECT_NE(Checkpoint::open(folder_).value().hash(), first);
}

}  // namespace
}  // namespace elanus::clip
