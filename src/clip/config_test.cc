#include "clip/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace elanus::clip {
namespace {
using testing::HasSubstr;

std::string config_error(const std::string& json) {
  const auto config = parse_model_config(json, "config.json");
  EXPECT_FALSE(config.ok()) << json;
  return config.ok() ? "" : config.error().message();
}

TEST(ModelConfig, MissingKeysTakeTheReferenceDefaults) {
  const auto config = parse_model_config("{}", "config.json");
  ASSERT_TRUE(config.ok()) << config.error().message();
  EXPECT_EQ(config->text.width, 512u);
  EXPECT_EQ(config->text.mlp_width, 2048u);
  EXPECT_EQ(config->text.layers, 12u);
  EXPECT_EQ(config->text.heads, 8u);
  EXPECT_EQ(config->text.vocab_size, 49408u);
  EXPECT_EQ(config->text.context_length, 77u);
  EXPECT_EQ(config->text.eos_token_id, 49407);
  EXPECT_FALSE(config->text.pool_at_highest_id);
  EXPECT_EQ(config->text.activation, Activation::quick_gelu);
  EXPECT_FLOAT_EQ(config->text.layer_norm_eps, 1e-5f);
  EXPECT_EQ(config->vision.width, 768u);
  EXPECT_EQ(config->vision.mlp_width, 3072u);
  EXPECT_EQ(config->vision.heads, 12u);
  EXPECT_EQ(config->vision.image_size, 224u);
  EXPECT_EQ(config->vision.tokens(), 50u);
  EXPECT_EQ(config->projection_dim, 512u);
}

TEST(ModelConfig, ReadsOldAndNewSections) {
  const auto config = parse_model_config(
      R"({"model_type": "clip", "projection_dim": 768, "text_config": {"hidden_size": 64, "eos_token_id": 2},
          "text_config_dict": null, "vision_config": {"hidden_size": 64, "num_hidden_layers": 3},
          "vision_config_dict": {"hidden_size": 1024, "num_attention_heads": 16, "patch_size": 14,
                                 "image_size": [336, 336], "hidden_act": "gelu"}})",
      "config.json");
  ASSERT_TRUE(config.ok()) << config.error().message();
  EXPECT_EQ(config->text.width, 64u);
  EXPECT_TRUE(config->text.pool_at_highest_id);
  EXPECT_EQ(config->vision.width, 1024u);
  EXPECT_EQ(config->vision.layers, 12u);  // the older section counts alone, with its own defaults
  EXPECT_EQ(config->vision.tokens(), 577u);
  EXPECT_EQ(config->vision.activation, Activation::gelu);
  EXPECT_EQ(config->projection_dim, 768u);
}

TEST(ModelConfig, ErrorsNameTheKeyAndBothSides) {
  EXPECT_EQ(config_error(R"({"text_config": {"hidden_size": 0}})"),
            "config.json: text_config: hidden_size: expected a whole number from 1 to 16384, found 0");
  EXPECT_THAT(config_error(R"({"vision_config": {"hidden_act": "gelu_new"}})"),
              HasSubstr("hidden_act: expected quick_gelu, gelu or gelu_pytorch_tanh, found \"gelu_new\""));
  EXPECT_THAT(config_error(R"({"vision_config": {"hidden_size": 100}})"),
              HasSubstr("expected a multiple of num_attention_heads 12, found 100"));
  EXPECT_THAT(config_error(R"({"vision_config": {"patch_size": 15}})"),
              HasSubstr("expected a multiple of patch_size 15, found 224"));
  EXPECT_THAT(config_error(R"({"vision_config": {"image_size": 4096, "patch_size": 1}})"),
              HasSubstr("16384 patches"));
  EXPECT_THAT(config_error(R"({"vision_config": {"num_channels": 1}})"), HasSubstr("expected 3, found 1"));
  EXPECT_THAT(config_error(R"({"text_config": {"num_hidden_layers": 1e3}})"), HasSubstr("found 1000.0"));
  EXPECT_THAT(config_error(R"({"text_config": {"layer_norm_eps": -1}})"), HasSubstr("layer_norm_eps"));
  EXPECT_THAT(config_error(R"({"text_config": {"eos_token_id": 49408}})"), HasSubstr("below vocab_size 49408"));
  EXPECT_THAT(config_error(R"({"model_type": "blip"})"),
              HasSubstr("expected clip, siglip or chinese_clip, found \"blip\""));
  EXPECT_THAT(config_error(R"({"model_type": "siglip2"})"), HasSubstr("siglip2 is SigLIP 2 NaFlex"));
  EXPECT_THAT(
      config_error(
          R"({"model_type": "chinese_clip", "text_config": {"position_embedding_type": "relative_key"}})"),
      HasSubstr("position_embedding_type: expected absolute, found \"relative_key\""));
  EXPECT_THAT(config_error(R"({"model_type": "siglip", "vision_config": {"vision_use_head": false}})"),
              HasSubstr("vision_use_head"));
  EXPECT_THAT(config_error(R"({"model_type": "siglip", "text_config": {"projection_size": 24}})"),
              HasSubstr("expected the length of text embeddings, 24, found 768"));
  EXPECT_THAT(config_error(R"({"text_config": []})"),
              HasSubstr("text_config: expected an object, found an array"));
  EXPECT_THAT(config_error("[]"), HasSubstr("expected an object"));
  EXPECT_THAT(config_error("{"), HasSubstr("not valid JSON"));
}

TEST(ModelConfig, ChineseClipTakesItsOwnDefaults) {
  const auto config =
      parse_model_config(R"({"model_type": "chinese_clip", "text_config_dict": null})", "c.json").value();
  EXPECT_EQ(config.text.kind, TextKind::bert);
  EXPECT_EQ(config.text.positions, 512u);
  EXPECT_EQ(config.text.context_length, 52u);
  EXPECT_EQ(config.text.token_types, 2u);
  EXPECT_EQ(config.text.activation, Activation::gelu);
  EXPECT_FLOAT_EQ(config.text.layer_norm_eps, 1e-12f);
  EXPECT_EQ(config.vision.activation, Activation::quick_gelu);
  EXPECT_EQ(config.projection_dim, 512u);
}

PreprocessorConfig preprocessor(const std::string& json) {
  const auto config = parse_preprocessor_config(json, "p.json");
  EXPECT_TRUE(config.ok()) << (config.ok() ? "" : config.error().message());
  return config.ok() ? *config : PreprocessorConfig();
}

std::string preprocessor_error(const std::string& json) {
  const auto config = parse_preprocessor_config(json, "p.json");
  EXPECT_FALSE(config.ok()) << json;
  return config.ok() ? "" : config.error().message();
}

TEST(PreprocessorConfigFile, MissingKeysTakeTheReferenceDefaults) {
  const auto config = preprocessor("{}");
  EXPECT_EQ(config.resize, PreprocessorConfig::Resize::shortest_edge);
  EXPECT_EQ(config.shortest_edge, 224u);
  EXPECT_EQ(config.resample, Resample::bicubic);
  EXPECT_TRUE(config.center_crop && config.rescale && config.normalize);
  EXPECT_EQ(config.crop_width, 224u);
  EXPECT_DOUBLE_EQ(config.rescale_factor, 1.0 / 255);
  EXPECT_DOUBLE_EQ(config.mean[0], 0.48145466);
  EXPECT_DOUBLE_EQ(config.std[2], 0.27577711);
}

TEST(PreprocessorConfigFile, ReadsAllSpellingsOfSizes) {
  const auto numbers = preprocessor(R"({"size": 336, "crop_size": 336})");
  EXPECT_EQ(numbers.resize, PreprocessorConfig::Resize::shortest_edge);
  EXPECT_EQ(numbers.shortest_edge, 336u);
  EXPECT_EQ(numbers.crop_height, 336u);
  const auto exact = preprocessor(
      R"({"image_processor": {"size": {"height": 240, "width": 200}, "do_center_crop": false, "resample": 2}})");
  EXPECT_EQ(exact.resize, PreprocessorConfig::Resize::exact);
  EXPECT_EQ(exact.resize_height, 240u);
  EXPECT_EQ(exact.resize_width, 200u);
  EXPECT_FALSE(exact.center_crop);
  EXPECT_EQ(exact.resample, Resample::bilinear);
  EXPECT_EQ(preprocessor(R"({"do_resize": false})").resize, PreprocessorConfig::Resize::none);
}

TEST(PreprocessorConfigFile, ErrorsNameTheKeyAndBothSides) {
  EXPECT_EQ(preprocessor_error(R"({"size": 0})"),
            "p.json: size: expected a whole number from 1 to 4096, found 0");
  EXPECT_THAT(preprocessor_error(R"({"size": {"height": 2}})"),
              HasSubstr("expected shortest_edge, or height and width"));
  EXPECT_THAT(preprocessor_error(R"({"size": {"shortest_edge": 2, "longest_edge": 3}})"),
              HasSubstr("p.json: size"));
  EXPECT_THAT(preprocessor_error(R"({"crop_size": {"shortest_edge": 2}})"), HasSubstr("crop_size"));
  EXPECT_THAT(preprocessor_error(R"({"image_std": [1, 0, 1]})"), HasSubstr("image_std"));
  EXPECT_THAT(preprocessor_error(R"({"image_mean": [1, 2]})"), HasSubstr("three numbers"));
  EXPECT_THAT(preprocessor_error(R"({"resample": 6})"), HasSubstr("from 0 to 5, found 6"));
  EXPECT_THAT(preprocessor_error(R"({"do_resize": 1})"), HasSubstr("expected true or false, found 1"));
}

TEST(PreprocessorConfigFile, MustFitTheModel) {
  VisionConfig vision;
  vision.image_size = 224;
  EXPECT_TRUE(check_fits(preprocessor("{}"), vision).ok());
  EXPECT_THAT(check_fits(preprocessor(R"({"crop_size": 336})"), vision).error().message(),
              HasSubstr("224 x 224 pixels as config.json says, found 336 x 336 pixels"));
  EXPECT_THAT(check_fits(preprocessor(R"({"do_center_crop": false})"), vision).error().message(),
              HasSubstr("depends on the picture"));
}

}  // namespace
}  // namespace elanus::clip
