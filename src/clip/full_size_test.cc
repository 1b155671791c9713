// A model of ViT-B/32's size with random weights, made on the fly: the fast towers against the slow one.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "clip/clip.h"
#include "clip/tokenizer.h"
#include "tests/support/golden_clips.h"
#include "tests/support/random_clip.h"
#include "tests/support/slow_clip.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ELANUS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ELANUS_SANITIZED 1
#endif
#endif

namespace elanus::clip {
namespace {

namespace fs = std::filesystem;

struct TemporaryFolder {
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "elanus-vit-b32-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

double cosine(std::span<const float> a, std::span<const float> b) {
  double dot = 0, aa = 0, bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    dot += static_cast<double>(a[i]) * b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
  }
  return dot / std::sqrt(aa * bb);
}

TEST(FullSize, FastEqualsSlow) {
#ifdef ELANUS_SANITIZED
  GTEST_SKIP() << "too slow under a sanitizer; the tiny goldens run the same code";
#endif
  const TemporaryFolder folder;
  const int32_t end = Tokenizer::load(golden::folder("quick-gelu-f16"), 526).value().end_id();
  RandomClip(vit_b32(end)).write(folder.path);
  for (const char* file : {"vocab.json", "merges.txt"})
    fs::copy_file(golden::folder("quick-gelu-f16") / file, folder.path / file);

  const std::string text = "a photo of a cat and the dog";
  PreparedImage picture;
  for (size_t i = 0; i < size_t{224} * 224 * 3; ++i)
    picture.rgb.push_back(static_cast<uint8_t>(i * i / 977 + i / 7));

  const Checkpoint checkpoint = Checkpoint::open(folder.path).value();
  const auto preprocessor = read_preprocessor_config(folder.path).value();
  const ModelConfig config = read_model_config(folder.path).value();
  const slow::Model slow(checkpoint, config, pixel_scale(preprocessor));
  const auto ids = Tokenizer::load(folder.path, 49408).value().encode(text, 77).ids;
  const auto slow_text = slow.text(ids), slow_image = slow.image(picture.rgb);

  for (const auto level : golden::cpu_levels()) {
    SCOPED_TRACE(ops::to_string(level));
    const auto clip = Clip::load(folder.path, {.cpu = ops::to_string(level)}).value();
    EXPECT_EQ(clip->info().parameters, 151'277'312u);  // without the logit scale, 151,277,313 as published
    const auto texts = clip->embed_texts({&text, 1}).value();
    EXPECT_GE(cosine(texts[0].vector, slow_text), 0.999999);
    std::vector<float> image(clip->info().dim);
    ASSERT_TRUE(clip->embed_images({&picture, 1}, image).ok());
    EXPECT_GE(cosine(image, slow_image), 0.999999);
  }
}

}  // namespace
}  // namespace elanus::clip
