// The towers alone, from token ids and pixels, against the reference framework's outputs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "clip/text_tower.h"
#include "clip/vision_tower.h"
#include "tests/support/golden_clips.h"

namespace elanus::clip {
namespace {

using testing::ElementsAre;

struct Loaded {
  ModelConfig config;
  PreprocessorConfig preprocessor;
  Checkpoint checkpoint;
  base::ThreadPool pool{2};
  const ops::Kernels* kernels = nullptr;
  WeightSource source() { return {checkpoint, *kernels, pool}; }
};

std::unique_ptr<Loaded> open(const std::string& model, ops::CpuLevel level) {
  auto loaded = std::make_unique<Loaded>();
  const ModelFiles files = find_model_files(golden::folder(model)).value();
  loaded->checkpoint = Checkpoint::open(files).value();
  const Description description = read_description(files).value();
  loaded->config = description.model;
  loaded->preprocessor = description.preprocessor;
  loaded->kernels = &ops::kernels(level);
  return loaded;
}

class Towers : public testing::TestWithParam<std::string> {};

TEST_P(Towers, TextEqualsTheReference) {
  for (const auto level : golden::cpu_levels()) {
    SCOPED_TRACE(ops::to_string(level));
    const auto model = open(GetParam(), level);
    const TextTower tower = TextTower::load(model->source(), model->config).value();
    const auto ids = golden::ids(GetParam());
    auto workspace = Workspace::allocate(*model->kernels, model->config.text, 2, 512, 77, 0).value();
    std::vector<float> together(ids.size() * model->config.projection_dim), alone = together;
    tower.embed(Crew::everybody(model->pool, workspace), ids, together.data());
    for (size_t i = 0; i < ids.size(); ++i)
      tower.embed(Crew::alone(1, workspace), {&ids[i], 1}, &alone[i * model->config.projection_dim]);
    EXPECT_LE(golden::largest_difference(together, golden::matrix(GetParam(), "text").values),
              golden::kTolerance);
    EXPECT_LE(golden::largest_difference(alone, golden::matrix(GetParam(), "text").values),
              golden::kTolerance);
  }
}

TEST_P(Towers, ImageEqualsTheReference) {
  for (const auto level : golden::cpu_levels()) {
    SCOPED_TRACE(ops::to_string(level));
    const auto model = open(GetParam(), level);
    const PixelScale pixels = pixel_scale(model->preprocessor);
    const VisionTower tower = VisionTower::load(model->source(), model->config, pixels).value();
    const auto pictures = golden::pictures(GetParam());
    const VisionConfig& vision = model->config.vision;
    auto workspace = Workspace::allocate(*model->kernels, vision, 2, 256, vision.tokens(),
                                         size_t{3} * vision.patch_size * vision.patch_size)
                         .value();
    std::vector<float> together(pictures.size() * model->config.projection_dim), alone = together;
    tower.embed(Crew::everybody(model->pool, workspace), pictures, together.data());
    for (size_t i = 0; i < pictures.size(); ++i)
      tower.embed(Crew::alone(1, workspace), {&pictures[i], 1}, &alone[i * model->config.projection_dim]);
    EXPECT_LE(golden::largest_difference(together, golden::matrix(GetParam(), "image").values),
              golden::kTolerance);
    EXPECT_LE(golden::largest_difference(alone, golden::matrix(GetParam(), "image").values),
              golden::kTolerance);
  }
}

INSTANTIATE_TEST_SUITE_P(Goldens, Towers, testing::ValuesIn(golden::kModels), golden::test_name);
INSTANTIATE_TEST_SUITE_P(Siglip, Towers, testing::ValuesIn(golden::kSiglips), golden::test_name);

TEST(PooledPosition, IsTheFirstEndToken) {
  TextConfig config;
  config.eos_token_id = 7;
  EXPECT_EQ(pooled_position(std::vector<int32_t>{6, 1, 7, 9, 7}, config), 2u);
  EXPECT_EQ(pooled_position(std::vector<int32_t>{6, 1, 2}, config), 0u);
}

TEST(PooledPosition, OfOldConfigsIsTheFirstHighestId) {
  TextConfig config;
  config.eos_token_id = 2;
  config.pool_at_highest_id = true;
  EXPECT_EQ(pooled_position(std::vector<int32_t>{6, 2, 9, 1, 9}, config), 2u);
}

TEST(TextTower, NamesATensorOfAnotherShape) {
  const auto model = open("quick-gelu-f16", ops::CpuLevel::portable);
  model->config.text.mlp_width = 255;
  const auto tower = TextTower::load(model->source(), model->config);
  ASSERT_FALSE(tower.ok());
  EXPECT_EQ(tower.error().kind(), ErrorKind::mismatch);
  EXPECT_THAT(tower.error().message(), testing::HasSubstr("text_model.encoder.layers.0.mlp.fc1.weight"));
  EXPECT_THAT(tower.error().message(), testing::HasSubstr("[255, 64]"));
  EXPECT_THAT(tower.error().message(), testing::HasSubstr("[256, 64]"));
}

TEST(TextTower, NamesATensorThatIsNotThere) {
  const auto model = open("quick-gelu-f16", ops::CpuLevel::portable);
  model->config.text.layers = 3;
  const auto tower = TextTower::load(model->source(), model->config);
  ASSERT_FALSE(tower.ok());
  EXPECT_EQ(tower.error().kind(), ErrorKind::not_found);
  EXPECT_THAT(tower.error().message(), testing::HasSubstr("text_model.encoder.layers.2.layer_norm1.weight"));
}

}  // namespace
}  // namespace elanus::clip
