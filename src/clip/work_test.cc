#include "clip/work.h"

#include <gtest/gtest.h>

namespace elanus::clip {
namespace {

ModelConfig vit_b32() {
  ModelConfig config;
  static_cast<TransformerConfig&>(config.text) = {.width = 512, .mlp_width = 2048, .layers = 12, .heads = 8};
  static_cast<TransformerConfig&>(config.vision) = {
      .width = 768, .mlp_width = 3072, .layers = 12, .heads = 12};
  config.vision.image_size = 224;
  config.vision.patch_size = 32;
  config.projection_dim = 512;
  return config;
}

// Counted by hand: 12 layers of 7,077,888 weights for 50 rows are 4.25e9 multiply-adds, the patches 49 * 3072
// * 768, attention 11 * 2 * 50 * 50 * 768; the last layer does without 49 rows of queries, outputs and the
// MLP.
TEST(Work, OfViTB32) {
  EXPECT_NEAR(work_per_picture(vit_b32()).flops, 2 * 4.12e9, 2 * 0.01e9);
  EXPECT_NEAR(work_per_picture(vit_b32()).attention_flops, 2 * 11.0 * 2 * 50 * 50 * 768, 2e5);
  EXPECT_NEAR(work_per_text(vit_b32(), 8).flops, 2 * 0.283e9, 2 * 0.002e9);
  EXPECT_NEAR(work_per_text(vit_b32(), 8).weight_bytes, 76e6, 1e6);
}

// open_clip's table has 18.18 GFLOP for RN50 with its text tower at 77 tokens, 5.9 of them the text; its
// attention pooling computes 50 queries, of which 49 are not needed: 0.4.
TEST(Work, OfResNet50) {
  ModelConfig config = vit_b32();
  config.vision.width = 64;
  config.vision.stages = {3, 4, 6, 3};
  config.projection_dim = 1024;
  EXPECT_NEAR(work_per_picture(config).flops, 18.18e9 - 5.9e9 - 0.4e9, 0.4e9);
}

TEST(Work, GrowsWithTheTokens) {
  EXPECT_GT(work_per_text(vit_b32(), 9).flops, work_per_text(vit_b32(), 8).flops);
  EXPECT_EQ(work_per_text(vit_b32(), 9).weight_bytes, work_per_text(vit_b32(), 8).weight_bytes);
}

}  // namespace
}  // namespace elanus::clip
