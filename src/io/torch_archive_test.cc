#include "io/torch_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "io/file.h"
#include "io/test_zip.h"

namespace elanus::io {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

std::string text(const std::string& value) {
  std::string pickled("X\0\0\0\0", 5);
  pickled[1] = static_cast<char>(value.size());
  return pickled + value;
}
std::string number(int value) { return std::string("K") + static_cast<char>(value); }

struct TestTensor {
  std::string type = "FloatStorage", key = "0", shape = number(2) + number(3) + "\x86",
              strides = number(3) + number(1) + "\x86";
  int offset = 0;
  std::string pickled() const {
    return "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\n" + type + "\n" + text(key) +
           text("cpu") + number(6) + "tQ" + number(offset) + shape + strides + "\x89" +
           "ccollections\nOrderedDict\n)RtR";
  }
};

std::string archive(const std::string& pickle, size_t floats = 6) {
  TestZip zip;
  std::vector<float> values;
  for (size_t i = 0; i < floats; ++i) values.push_back(static_cast<float>(i));
  zip.add("m/data.pkl", "\x80\x02" + pickle + ".");
  zip.add("m/data/0", {reinterpret_cast<const char*>(values.data()), 4 * floats});
  return zip.finish();
}

std::string dict(const std::string& key, const std::string& value) { return "}(" + text(key) + value + "u"; }

std::string archive_error(const std::string& file) {
  const auto parsed = parse_torch_archive(bytes_of(file), "m.pt");
  EXPECT_FALSE(parsed.ok());
  return parsed.ok() ? "" : parsed.error().message();
}

TEST(TorchArchive, GivesViewsOfTensors) {
  const std::string file = archive(dict("w", TestTensor().pickled()));
  const auto parsed = parse_torch_archive(bytes_of(file), "m.pt");
  ASSERT_TRUE(parsed.ok()) << parsed.error().message();
  EXPECT_FALSE(parsed->script);
  const TensorView& w = parsed->tensors.at("w");
  EXPECT_EQ(w.dtype, Dtype::f32);
  EXPECT_THAT(w.shape, ElementsAre(2, 3));
  float last = 0;
  std::memcpy(&last, w.data.data() + 20, 4);
  EXPECT_EQ(last, 5.0f);
}

TEST(TorchArchive, OfATrainingCheckpointTheStateDict) {
  const std::string inner = dict("w", TestTensor().pickled());
  const std::string file = archive("}(" + text("epoch") + number(3) + text("state_dict") + inner + "u");
  EXPECT_TRUE(parse_torch_archive(bytes_of(file), "m.pt").value().tensors.contains("w"));
}

TEST(TorchArchive, RealFilesOfTorch) {
  const std::filesystem::path inputs = std::filesystem::path(ELANUS_SOURCE_DIR) / "tests/inputs/clip";
  const auto script = MappedFile::open(inputs / "openai-vit-f16/openai-vit-f16.pt").value();
  const auto archived = parse_torch_archive(script.bytes(), "script").value();
  EXPECT_TRUE(archived.script);
  EXPECT_THAT(archived.tensors.at("visual.transformer.resblocks.1.attn.in_proj_weight").shape,
              ElementsAre(192, 64));
  EXPECT_EQ(archived.tensors.at("visual.conv1.weight").dtype, Dtype::f16);
  const auto saved = MappedFile::open(inputs / "open-clip-bin-bf16/open_clip_pytorch_model.bin").value();
  const auto state = parse_torch_archive(saved.bytes(), "saved").value();
  EXPECT_FALSE(state.script);
  EXPECT_EQ(state.tensors.at("logit_scale").dtype_name, "BF16");
}

TEST(TorchArchive, TensorsMustLieInTheirStorage) {
  TestTensor beyond, turned, lost, other;
  beyond.offset = 1;
  turned.strides = number(1) + number(2) + "\x86";
  lost.key = "7";
  other.type = "QInt8Storage";
  EXPECT_THAT(archive_error(archive(dict("w", beyond.pickled()))),
              HasSubstr("m.pt: tensor w: expected F32 [2, 3] within its storage, found 24 bytes"));
  EXPECT_THAT(archive_error(archive(dict("w", TestTensor().pickled()), 5)), HasSubstr("found 20 bytes"));
  EXPECT_THAT(archive_error(archive(dict("w", turned.pickled()))),
              HasSubstr("for shape [2, 3], found strides [1, 2]"));
  EXPECT_THAT(archive_error(archive(dict("w", lost.pickled()))),
              HasSubstr("tensor w: m.pt: expected an entry m/data/7, found none"));
  EXPECT_THAT(archive_error(archive(dict("w", other.pickled()))), HasSubstr("asks for torch.QInt8Storage"));
}

TEST(TorchArchive, WhatIsNoneIsRefused) {
  EXPECT_THAT(archive_error("\x80\x02}."), HasSubstr("found a bare pickle"));
  TestZip zip;
  zip.add("m/other", "");
  EXPECT_THAT(archive_error(zip.finish()), HasSubstr("expected an archive of torch, with a data.pkl"));
  EXPECT_THAT(archive_error(archive("cnumpy.core.multiarray\nscalar\n)R")),
              HasSubstr("asks for numpy.core.multiarray.scalar"));
}

// {k: {...}} within itself forty times doubled would be 2^40 tensors.
TEST(TorchArchive, SharedDictionariesDoNotExplode) {
  std::string pickle = dict("a", TestTensor().pickled()) + "q\x01";
  for (int i = 0; i < 28; ++i) pickle += "}(" + text("a") + "h\x01" + text("b") + "h\x01u" + "q\x01";
  EXPECT_THAT(archive_error(archive(pickle)), HasSubstr("holds too much"));
  EXPECT_THAT(archive_error(archive("}q\x01" + text("a") + "h\x01s")), HasSubstr("nests too deep"));
}

}  // namespace
}  // namespace elanus::io
