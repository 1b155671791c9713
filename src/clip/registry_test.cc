#include "clip/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "io/digest.h"
#include "io/file.h"

namespace elanus::clip {
namespace {

TEST(Registry, TheFileIsWhatTheProgramHas) {
  const auto text = io::read_text(ELANUS_SOURCE_DIR "/models/registry.json", 1 << 20);
  const auto models = parse_registry(*text, "registry");
  ASSERT_TRUE(models.ok()) << models.error().message();
  EXPECT_GE(models->size(), 17u);
  EXPECT_EQ(models->size(), registered_models().size());
}

TEST(Registry, EveryEntryCanBeFetchedAndHasSaneNumbers) {
  for (const RegisteredModel& model : registered_models()) {
    SCOPED_TRACE(model.name);
    EXPECT_EQ(model.name.find_first_of("/ "), std::string::npos);
    EXPECT_NE(model.source.id.find('/'), std::string::npos);
    EXPECT_FALSE(model.source.revision.empty());
    EXPECT_FALSE(model.licence.empty());
    EXPECT_GT(model.dim, 0u);
    EXPECT_GT(model.download_bytes, model.parameters) << "no published checkpoint has a byte a weight";
    for (const auto& recall : {model.coco, model.flickr30k}) {
      if (!recall) continue;
      EXPECT_TRUE(std::is_sorted(recall->begin(), recall->end()));
      EXPECT_GT(recall->front(), 20);
      EXPECT_LE(recall->back(), 100);
    }
    for (const io::HubFile& file : model.source.files) {
      EXPECT_EQ(file.name.find('/'), std::string::npos);
      EXPECT_TRUE(file.sha256.empty() || (file.sha256.size() == 64 && io::is_digest(file.sha256)));
    }
  }
}

TEST(Registry, EveryEntryCanBeRead) {
  for (const RegisteredModel& model : registered_models()) EXPECT_TRUE(model.readable()) << model.name;
}

TEST(Registry, NoNameMeansTwoModels) {
  std::map<std::string, std::string> owner;
  for (const RegisteredModel& model : registered_models()) {
    auto names = model.spellings;
    names.push_back(model.name);
    names.push_back(model.source.id);
    for (const std::string& name : names) {
      const auto [known, fresh] = owner.emplace(plain_name(name), model.name);
      EXPECT_EQ(known->second, model.name) << name;
      EXPECT_EQ(find_registered(name), &model) << name;
    }
  }
}

TEST(Registry, EverySpellingThatPeopleUse) {
  const auto name = [](const char* spelling) {
    const RegisteredModel* model = find_registered(spelling);
    return model ? model->name : "";
  };
  for (const char* spelling : {"ViT-B/32", "  ViT-B/32 ", "vit-b-32", "ViT-B-32__openai", "ViT-B-32::openai",
                               "open_clip:ViT-B-32/openai", "openai/clip-vit-base-patch32",
                               "OpenAI/CLIP-ViT-Base-Patch32", "clip_vit_b32", "clip_vit_base_patch32",
                               "immich-app/ViT-B-32__openai", "hf-hub:timm/vit_base_patch32_clip_224.openai"})
    EXPECT_EQ(name(spelling), "clip-vit-base-patch32") << spelling;
  for (const char* spelling :
       {"ViT-B-32/laion2b_s34b_b79k", "open_clip:ViT-B-32/laion2b_s34b_b79k",
        "open_clip/ViT-B-32/laion2b_s34b_b79k", "laion/CLIP-ViT-B-32-laion2B-s34B-b79K"})
    EXPECT_EQ(name(spelling), "CLIP-ViT-B-32-laion2B-s34B-b79K") << spelling;
  EXPECT_EQ(name("clip_resnet_r50"), "clip-resnet-50");
  EXPECT_EQ(name("clip_resnet_r101"), "clip-resnet-101");
  EXPECT_EQ(name("clip_vit_b16"), "clip-vit-base-patch16");
  EXPECT_EQ(name("ViT-L/14@336px"), "clip-vit-large-patch14-336");
  EXPECT_EQ(name("clip_vit_large_patch14_336"), "clip-vit-large-patch14-336");
  EXPECT_EQ(name("immich-app/ViT-B-16-SigLIP__webli"), "siglip-base-patch16-224");
  EXPECT_EQ(name("google/siglip2-base-patch16-224"), "siglip2-base-patch16-224");
  EXPECT_EQ(name("OFA-Sys/chinese-clip-vit-base-patch16"), "chinese-clip-vit-base-patch16");
  for (const char* other : {"", " ", "-", "ViT", "elanus-demo", "open_clip:"})
    EXPECT_EQ(name(other), "") << other;
}

TEST(Registry, ABrokenRegistryIsRefused) {
  EXPECT_FALSE(parse_registry("[]", "r").ok());
  EXPECT_FALSE(parse_registry(R"({"models":[{"name":"x"}]})", "r").ok());
  EXPECT_FALSE(parse_registry(R"({"models":[{"name":3}]})", "r").ok());
}

}  // namespace
}  // namespace elanus::clip
