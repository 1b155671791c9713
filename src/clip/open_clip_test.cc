// open_clip's layout: its config and its names of tensors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clip/config.h"
#include "clip/open_clip_tensors.h"

namespace elanus::clip {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

std::string config(const std::string& vision, const std::string& text = "", const std::string& model = "",
                   const std::string& preprocess = "") {
  return R"({"model_cfg": {"embed_dim": 1024, "vision_cfg": {)" + vision + R"(}, "text_cfg": {)" + text +
         "}" + model + R"(}, "preprocess_cfg": {)" + preprocess + "}}";
}

std::string open_clip_error(const std::string& json) {
  const auto description = parse_open_clip_config(json, "c.json");
  EXPECT_FALSE(description.ok()) << json;
  return description.ok() ? "" : description.error().message();
}

TEST(OpenClipConfig, ReadsThePublishedFormOfViTH14) {
  const auto description = parse_open_clip_config(
      config(R"("image_size": 378, "layers": 32, "width": 1280, "head_width": 80, "patch_size": 14)",
             R"("context_length": 77, "vocab_size": 49408, "width": 1024, "heads": 16, "layers": 24)",
             R"(, "quick_gelu": true)", R"("mean": [0.5, 0.4, 0.3], "resize_mode": "squash")"),
      "c.json");
  ASSERT_TRUE(description.ok()) << description.error().message();
  const auto& [model, preprocessor] = *description;
  EXPECT_EQ(model.projection_dim, 1024u);
  EXPECT_EQ(model.vision.heads, 16u);
  EXPECT_EQ(model.vision.mlp_width, 5120u);
  EXPECT_EQ(model.vision.tokens(), 730u);
  EXPECT_EQ(model.vision.activation, Activation::quick_gelu);
  EXPECT_EQ(model.text.mlp_width, 4096u);
  EXPECT_TRUE(model.text.pool_at_highest_id);
  EXPECT_EQ(preprocessor.resize, PreprocessorConfig::Resize::exact);
  EXPECT_EQ(preprocessor.resize_width, 378u);
  EXPECT_FALSE(preprocessor.center_crop);
  EXPECT_EQ(preprocessor.mean[1], 0.4);
  EXPECT_TRUE(check_fits(preprocessor, model.vision).ok());
}

TEST(OpenClipConfig, AListOfLayersIsAModifiedResNet) {
  const auto description = parse_open_clip_config(
      config(R"("image_size": 288, "layers": [4, 6, 10, 6], "width": 80, "patch_size": null)"), "c.json");
  ASSERT_TRUE(description.ok()) << description.error().message();
  const VisionConfig& vision = description->model.vision;
  EXPECT_TRUE(vision.is_resnet());
  EXPECT_EQ(vision.stages[2], 10u);
  EXPECT_EQ(vision.heads, 40u);
  EXPECT_EQ(vision.tokens(), 82u);
  EXPECT_THAT(open_clip_error(config(R"("layers": [3, 4, 6])")),
              HasSubstr("layers: expected a number, or four"));
  EXPECT_THAT(open_clip_error(config(R"("layers": [3, 4, 6, 0], "width": 64)")),
              HasSubstr("from 1 to 64, found 0"));
  EXPECT_THAT(open_clip_error(config(R"("layers": [3, 4, 6, 3], "width": 63)")), HasSubstr("an even width"));
  EXPECT_THAT(open_clip_error(config(R"("layers": [3, 4, 6, 3], "width": 64, "image_size": 225)")),
              HasSubstr("multiple"));
}

TEST(OpenClipConfig, MissingKeysTakeOpenClipsDefaults) {
  const auto description = parse_open_clip_config(
      R"({"model_cfg": {"embed_dim": 512, "vision_cfg": {}, "text_cfg": {}}})", "c.json");
  ASSERT_TRUE(description.ok()) << description.error().message();
  EXPECT_EQ(description->model.vision.patch_size, 16u);
  EXPECT_EQ(description->model.vision.activation, Activation::gelu);
  EXPECT_EQ(description->preprocessor.resample, Resample::bicubic);
  EXPECT_EQ(description->preprocessor.shortest_edge, 224u);
  EXPECT_EQ(description->preprocessor.crop_rounding, PreprocessorConfig::CropRounding::half_to_even);
}

TEST(OpenClipConfig, WhatIsNoClipIsRefusedByName) {
  EXPECT_EQ(open_clip_error(config(R"("timm_model_name": "convnext_base")")),
            "c.json: model_cfg: vision_cfg: timm_model_name: expected none, as in OpenAI's CLIP, found "
            "\"convnext_base\"");
  EXPECT_THAT(open_clip_error(config(R"("pool_type": "avg")")), HasSubstr("pool_type: expected \"tok\""));
  EXPECT_THAT(open_clip_error(config("", R"("hf_model_name": "xlm-roberta-base")")),
              HasSubstr("hf_model_name"));
  EXPECT_THAT(open_clip_error(config("", R"("no_causal_mask": true)")), HasSubstr("no_causal_mask"));
  EXPECT_THAT(open_clip_error(config("", "", R"(, "multimodal_cfg": {})")), HasSubstr("CoCa is not read"));
  EXPECT_THAT(open_clip_error(config("", "", "", R"("resize_mode": "longest")")),
              HasSubstr("resize_mode: expected shortest or squash, found \"longest\""));
  EXPECT_THAT(open_clip_error(config(R"("width": 100)")),
              HasSubstr("expected a multiple of head_width 64, found 100"));
  EXPECT_THAT(open_clip_error(config(R"("mlp_ratio": 1e-3)")), HasSubstr("mlp_ratio"));
  EXPECT_THAT(open_clip_error(R"({"model_cfg": {"vision_cfg": {}}})"),
              HasSubstr("text_cfg: expected an object"));
}

// Values 0, 1, 2, ... of f32.
struct Numbers {
  explicit Numbers(std::vector<size_t> shape) {
    size_t n = 1;
    for (const size_t side : shape) n *= side;
    for (size_t i = 0; i < n; ++i) values.push_back(static_cast<float>(i));
    view = {io::Dtype::f32, "F32", std::move(shape), std::as_bytes(std::span(values))};
  }
  std::vector<float> values;
  io::TensorView view;
};

std::vector<float> floats(const io::TensorView& view) {
  const auto* data = reinterpret_cast<const float*>(view.data.data());
  return {data, data + view.elements()};
}

TEST(OpenClipTensors, StackedWeightsAreThreeAndProjectionsAreTurned) {
  const Numbers stacked({6, 1}), bias({3}), projection({2, 3});
  Derived derived;
  const auto tensors =
      with_transformers_names({{"module.visual.transformer.resblocks.11.attn.in_proj_weight", stacked.view},
                               {"text.transformer.resblocks.0.attn.in_proj_bias", bias.view},
                               {"transformer.resblocks.0.mlp.c_proj.bias", bias.view},
                               {"visual.proj", projection.view},
                               {"input_resolution", bias.view}},
                              derived, "m");
  ASSERT_TRUE(tensors.ok()) << tensors.error().message();
  EXPECT_EQ(tensors->size(), 8u);
  const std::string layer = "vision_model.encoder.layers.11.self_attn.";
  EXPECT_THAT(floats(tensors->at(layer + "k_proj.weight")), ElementsAre(2, 3));
  EXPECT_THAT(tensors->at(layer + "v_proj.weight").shape, ElementsAre(2, 1));
  EXPECT_THAT(floats(tensors->at("text_model.encoder.layers.0.self_attn.v_proj.bias")), ElementsAre(2));
  EXPECT_TRUE(tensors->contains("text_model.encoder.layers.0.mlp.fc2.bias"));
  EXPECT_THAT(floats(tensors->at("visual_projection.weight")), ElementsAre(0, 3, 1, 4, 2, 5));
  EXPECT_THAT(tensors->at("visual_projection.weight").shape, ElementsAre(3, 2));
}

TEST(OpenClipTensors, WhatHasNoPlaceIsRefusedByName) {
  const Numbers four({4}), scalar({});
  Derived derived;
  const auto error = [&](const std::string& name, const io::TensorView& view) {
    const auto tensors = with_transformers_names({{name, view}}, derived, "m");
    EXPECT_FALSE(tensors.ok()) << name;
    return tensors.ok() ? "" : tensors.error().message();
  };
  EXPECT_THAT(error("visual.transformer.resblocks.0.ls_1.gamma", four.view),
              HasSubstr("m: tensor visual.transformer.resblocks.0.ls_1.gamma [4] is no part of the CLIP"));
  EXPECT_THAT(error("transformer.resblocks.0.attn.in_proj_bias", four.view), HasSubstr("found shape [4]"));
  EXPECT_THAT(error("transformer.resblocks.0.attn.in_proj_bias", scalar.view), HasSubstr("found shape []"));
  EXPECT_THAT(error("text_projection", four.view), HasSubstr("text_projection [4]"));
}

}  // namespace
}  // namespace elanus::clip
