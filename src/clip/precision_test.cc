// The quantised classes beside the reference's outputs and the exact class: how near they stay, not only that
// they run.
#include "clip/precision.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "clip/clip.h"
#include "tests/support/golden_clips.h"

namespace elanus::clip {
namespace {
namespace fs = std::filesystem;

// Of the least like pair of unit vectors, row by row.
double least_cosine(std::span<const float> a, std::span<const float> b, size_t dim) {
  EXPECT_EQ(a.size(), b.size());
  double least = 1;
  for (size_t row = 0; row + dim <= std::min(a.size(), b.size()); row += dim) {
    double dot = 0, aa = 0, bb = 0;
    for (size_t i = row; i < row + dim; ++i) {
      dot += static_cast<double>(a[i]) * b[i];
      aa += static_cast<double>(a[i]) * a[i];
      bb += static_cast<double>(b[i]) * b[i];
    }
    least = std::min(least, dot / std::sqrt(aa * bb));
  }
  return least;
}

std::vector<float> text_vectors(const Clip& clip, const std::vector<std::string>& texts) {
  std::vector<float> all;
  const auto embedded = clip.embed_texts(texts).value();
  for (const auto& text : embedded) all.insert(all.end(), text.vector.begin(), text.vector.end());
  return all;
}

TEST(PrecisionNames, AreThoseOfTheCommandLine) {
  for (const Precision precision : {Precision::exact, Precision::fast, Precision::turbo})
    EXPECT_EQ(parse_precision(to_string(precision)).value(), precision);
  EXPECT_EQ(parse_precision("int8").error().kind(), ErrorKind::invalid_argument);
}

class PrecisionOf : public testing::TestWithParam<std::string> {};

// A row of k values is rounded by 1/1022 (w10a16) or 1/126 and 1/510 (w7a8) of its largest at most; in models
// of 24 to 64 values that is a relative error of about 0.15 % and 1.5 % for each of some ten layers, and 1 -
// cosine is half its square.
TEST_P(PrecisionOf, StaysNearTheReferenceOnEveryCpuLevel) {
  const auto texts = golden::texts(GetParam());
  const auto pictures = golden::pictures(GetParam());
  const auto words = golden::matrix(GetParam(), "text").values,
             seen = golden::matrix(GetParam(), "image").values;
  for (const auto level : golden::cpu_levels())
    for (const auto& [precision, least] : {std::pair{Precision::fast, 0.9999}, {Precision::turbo, 0.995}}) {
      SCOPED_TRACE(std::string(ops::to_string(level)) + " " + to_string(precision));
      const auto clip = Clip::load(golden::folder(GetParam()),
                                   {.threads = 2, .precision = precision, .cpu = ops::to_string(level)})
                            .value();
      EXPECT_EQ(clip->info().precision, precision);
      std::vector<float> images(pictures.size() * clip->info().dim);
      ASSERT_TRUE(clip->embed_images(pictures, images).ok());
      EXPECT_GE(least_cosine(text_vectors(*clip, texts), words, clip->info().dim), least);
      EXPECT_GE(least_cosine(images, seen, clip->info().dim), least);
      // Not the exact class under another name.
      EXPECT_LT(least_cosine(images, seen, clip->info().dim), 0.999999999);
    }
}

INSTANTIATE_TEST_SUITE_P(Models, PrecisionOf,
                         testing::Values("quick-gelu-f16", "gelu-f32", "open-clip-resnet-f32", "siglip2-f32"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(PrecisionOfTrainedWeights, FastIsWithinOneInTenThousand) {
  const fs::path demo = fs::path(ELANUS_SOURCE_DIR) / "models/elanus-demo";
  const std::vector<std::string> texts{"a white owl", "two red boats on a lake at night",
                                       "three green apples", "snow"};
  std::vector<PreparedImage> pictures(3);
  for (size_t p = 0; p < pictures.size(); ++p)
    for (size_t i = 0; i < size_t{128} * 128 * 3; ++i)
      pictures[p].rgb.push_back(static_cast<uint8_t>((i / 3 % 128) * (p + 1) + i % 3 * 40));
  std::vector<std::vector<float>> words, seen;
  for (const auto precision : {Precision::exact, Precision::fast, Precision::turbo}) {
    const auto clip = Clip::load(demo, {.threads = 2, .precision = precision}).value();
    words.push_back(text_vectors(*clip, texts));
    seen.emplace_back(pictures.size() * clip->info().dim);
    ASSERT_TRUE(clip->embed_images(pictures, seen.back()).ok());
  }
  EXPECT_GE(least_cosine(words[1], words[0], 256), 0.9999);
  EXPECT_GE(least_cosine(seen[1], seen[0], 256), 0.9999);
  EXPECT_GE(least_cosine(words[2], words[0], 256), 0.998);
  EXPECT_GE(least_cosine(seen[2], seen[0], 256), 0.998);
}

// Each class keeps its own files, and starts from them with the same vectors.
TEST(PrecisionPacked, StartsFromItsOwnFiles) {
  const fs::path root = fs::temp_directory_path() / ("elanus-precision-" + std::to_string(::getpid()));
  fs::create_directories(root);
  fs::copy(golden::folder("quick-gelu-f16"), root / "model");
  const auto words = [&](Precision precision) {
    return text_vectors(
        *Clip::load(root / "model", {.threads = 2, .packed = {.beside = true}, .precision = precision})
             .value(),
        {"a white dog", ""});
  };
  const auto exact = words(Precision::exact), fast = words(Precision::fast), turbo = words(Precision::turbo);
  const auto files = std::count_if(fs::directory_iterator(root / "model"), fs::directory_iterator(),
                                   [](const auto& entry) { return entry.path().extension() == ".packed"; });
  EXPECT_EQ(files, 6);
  EXPECT_NE(exact, fast);
  EXPECT_NE(fast, turbo);
  EXPECT_EQ(words(Precision::exact), exact);
  EXPECT_EQ(words(Precision::fast), fast);
  EXPECT_EQ(words(Precision::turbo), turbo);
  fs::remove_all(root);
}

}  // namespace
}  // namespace elanus::clip
