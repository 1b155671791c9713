#include "clip/clip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "tests/support/golden_clips.h"

namespace elanus::clip {
namespace {

using testing::HasSubstr;

std::unique_ptr<Clip> load(const std::string& model, const LoadOptions& options = {}) {
  auto clip = Clip::load(golden::folder(model), options);
  EXPECT_TRUE(clip.ok()) << (clip.ok() ? "" : clip.error().message());
  return clip.ok() ? std::move(*clip) : nullptr;
}

std::vector<float> joined(const std::vector<TextEmbedding>& texts) {
  std::vector<float> all;
  for (const auto& text : texts) all.insert(all.end(), text.vector.begin(), text.vector.end());
  return all;
}

class Goldens : public testing::TestWithParam<std::string> {};

TEST_P(Goldens, WordsAndPicturesEqualTheReferenceOnEveryCpuLevel) {
  for (const auto level : golden::cpu_levels()) {
    SCOPED_TRACE(ops::to_string(level));
    const auto clip = load(GetParam(), {.threads = 2, .cpu = ops::to_string(level)});
    ASSERT_TRUE(clip);
    const auto texts = clip->embed_texts(golden::texts(GetParam())).value();
    EXPECT_LE(golden::largest_difference(joined(texts), golden::matrix(GetParam(), "text").values),
              golden::kTolerance);
    const auto pictures = golden::pictures(GetParam());
    std::vector<float> images(pictures.size() * clip->info().dim);
    ASSERT_TRUE(clip->embed_images(pictures, images).ok());
    EXPECT_LE(golden::largest_difference(images, golden::matrix(GetParam(), "image").values),
              golden::kTolerance);
  }
}

TEST_P(Goldens, TokensAreCountedAndTruncationIsTold) {
  if (GetParam().starts_with("siglip")) GTEST_SKIP() << "ids.npy has the padding too";
  const auto clip = load(GetParam(), {.threads = 1, .text_only = true});
  ASSERT_TRUE(clip);
  const auto ids = golden::ids(GetParam());
  const auto texts = clip->embed_texts(golden::texts(GetParam())).value();
  ASSERT_EQ(texts.size(), ids.size());
  for (size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(texts[i].tokens, ids[i].size());
  EXPECT_FALSE(texts.front().truncated);
  // The last of them is longer than all contexts but CLIP's own.
  EXPECT_EQ(texts.back().truncated, clip->info().context_length < 77);
}

INSTANTIATE_TEST_SUITE_P(Siglip, Goldens, testing::ValuesIn(golden::kSiglips), golden::test_name);
INSTANTIATE_TEST_SUITE_P(ResNets, Goldens, testing::ValuesIn(golden::kResNets), golden::test_name);
INSTANTIATE_TEST_SUITE_P(Clip, Goldens, testing::ValuesIn(golden::kModels), golden::test_name);

// Large enough for whole groups on each worker; the vectors must not depend on how a batch was cut.
TEST(Clip, APictureGetsTheSameVectorInAnyBatch) {
  const auto clip = load("quick-gelu-f16", {.threads = 2});
  ASSERT_TRUE(clip);
  std::vector<PreparedImage> pictures;
  for (size_t i = 0; i < 61; ++i) pictures.push_back(golden::pictures("quick-gelu-f16")[i % 3]);
  const size_t dim = clip->info().dim;
  std::vector<float> batch(pictures.size() * dim), alone(dim);
  ASSERT_TRUE(clip->embed_images(pictures, batch).ok());
  for (size_t i = 0; i < pictures.size(); ++i) {
    ASSERT_TRUE(clip->embed_images({&pictures[i], 1}, alone).ok());
    EXPECT_EQ(alone, std::vector<float>(&batch[i * dim], &batch[i * dim] + dim)) << i;
  }
}

TEST(Clip, ATextGetsTheSameVectorInAnyBatch) {
  const auto clip = load("legacy-eos-bf16", {.threads = 2});
  ASSERT_TRUE(clip);
  std::vector<std::string> texts;
  for (size_t i = 0; i < 200; ++i) texts.push_back(golden::texts("legacy-eos-bf16")[i % 5]);
  const auto batch = clip->embed_texts(texts).value();
  for (size_t i = 0; i < texts.size(); ++i)
    EXPECT_EQ(clip->embed_texts({&texts[i], 1}).value()[0].vector, batch[i].vector) << i;
}

TEST(Clip, SeveralThreadsMayEmbedAtOnce) {
  const auto clip = load("quick-gelu-f16", {.threads = 2});
  ASSERT_TRUE(clip);
  const std::vector<std::string> texts = golden::texts("quick-gelu-f16");
  const std::vector<float> expected = joined(clip->embed_texts(texts).value());
  const auto pictures = golden::pictures("quick-gelu-f16");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int repeat = 0; repeat < 10; ++repeat) {
        EXPECT_EQ(joined(clip->embed_texts(texts).value()), expected);
        std::vector<float> images(pictures.size() * clip->info().dim);
        EXPECT_TRUE(clip->embed_images(pictures, images).ok());
      }
    });
  for (auto& thread : threads) thread.join();
}

TEST(Clip, NothingGivesNothing) {
  const auto clip = load("gelu-f32");
  ASSERT_TRUE(clip);
  EXPECT_TRUE(clip->embed_texts({}).value().empty());
  EXPECT_TRUE(clip->embed_images({}, {}).ok());
}

TEST(Clip, SaysWhatItLoaded) {
  const auto clip = load("sharded-f16");
  ASSERT_TRUE(clip);
  EXPECT_EQ(clip->info().name, "sharded-f16");
  EXPECT_EQ(clip->info().hash.size(), 32u);
  EXPECT_EQ(clip->info().dim, 33u);
  EXPECT_EQ(clip->info().image_size, 28u);
  EXPECT_EQ(clip->info().patch_size, 7u);
  EXPECT_EQ(clip->info().context_length, 20u);
}

TEST(Clip, LoadedForTextsRefusesPictures) {
  const auto clip = load("gelu-f32", {.text_only = true});
  ASSERT_TRUE(clip);
  const auto pictures = golden::pictures("gelu-f32");
  std::vector<float> out(pictures.size() * clip->info().dim);
  const auto embedded = clip->embed_images(pictures, out);
  ASSERT_FALSE(embedded.ok());
  EXPECT_EQ(embedded.error().kind(), ErrorKind::invalid_argument);
  EXPECT_THAT(embedded.error().message(), HasSubstr("texts only"));
}

TEST(Clip, RefusesBuffersOfAnotherSize) {
  const auto clip = load("gelu-f32");
  ASSERT_TRUE(clip);
  auto pictures = golden::pictures("gelu-f32");
  std::vector<float> out(pictures.size() * clip->info().dim);
  const auto short_out = clip->embed_images(pictures, std::span(out).first(out.size() - 1));
  ASSERT_FALSE(short_out.ok());
  EXPECT_THAT(short_out.error().message(), HasSubstr("expected room for 72 values, got 71"));
  pictures[1].rgb.pop_back();
  const auto short_picture = clip->embed_images(pictures, out);
  ASSERT_FALSE(short_picture.ok());
  EXPECT_THAT(short_picture.error().message(),
              HasSubstr("expected a prepared picture of 2700 bytes, got 2699"));
}

TEST(Clip, PreparesAPictureForItself) {
  const auto clip = load("gelu-f32");
  ASSERT_TRUE(clip);
  image::Image picture{.width = 90, .height = 60, .rgb = std::vector<uint8_t>(90 * 60 * 3, 200)};
  const PreparedImage prepared = clip->prepare(picture).value();
  EXPECT_EQ(prepared.rgb, std::vector<uint8_t>(30 * 30 * 3, 200));
  EXPECT_EQ(clip->decode_options().scale_to_short_side, 60u);
  EXPECT_EQ(clip->decode_options(true).scale_to_short_side, 0u);
}

TEST(Clip, RefusesAnUnknownCpuLevel) {
  const auto clip = Clip::load(golden::folder("gelu-f32"), {.cpu = "mmx"});
  ASSERT_FALSE(clip.ok());
  EXPECT_EQ(clip.error().kind(), ErrorKind::invalid_argument);
  EXPECT_THAT(clip.error().message(), HasSubstr("\"mmx\""));
}

TEST(Clip, AFolderThatIsNotThereIsNotFound) {
  const auto clip = Clip::load(golden::folder("no-such-model"));
  ASSERT_FALSE(clip.ok());
  EXPECT_EQ(clip.error().kind(), ErrorKind::not_found);
}

}  // namespace
}  // namespace elanus::clip
