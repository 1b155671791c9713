// The tiny models of tests/inputs/clip and what the reference framework of each computes with them
// (tools/golden).
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "clip/clip.h"
#include "clip/tokenizer.h"
#include "io/file.h"
#include "io/npy.h"
#include "ops/cpu.h"

namespace elanus::clip::golden {

// The goldens are float32 sums in another order: 1e-4 is what we promise.
inline constexpr float kTolerance = 1e-4f;

// With two transformers for towers.
inline const std::vector<std::string> kModels = {"quick-gelu-f16",     "gelu-f32",
                                                 "legacy-eos-bf16",    "sharded-f16",
                                                 "open-clip-f32",      "open-clip-quick-gelu-f16",
                                                 "open-clip-bin-bf16", "openai-vit-f16",
                                                 "chinese-clip-f16",   "chinese-clip-f32"};

// With a convolutional image tower.
inline const std::vector<std::string> kResNets = {"open-clip-resnet-f32", "openai-resnet-f16"};

// SigLIP's: their ids.npy has the padding.
inline const std::vector<std::string> kSiglips = {"siglip2-f32", "siglip2-bf16", "siglip-f16", "siglip-f32"};

// A model's name in the name of a test.
inline std::string test_name(const testing::TestParamInfo<std::string>& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

inline std::filesystem::path folder(const std::string& model) {
  return std::filesystem::path(ELANUS_SOURCE_DIR) / "tests/inputs/clip" / model;
}

inline io::Matrix matrix(const std::string& model, const std::string& name) {
  auto read = io::read_npy(folder(model) / (name + ".npy"));
  EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message());
  return read.ok() ? *read : io::Matrix{};
}

// What is said of the model's tokenizer.json when it has `value` at `pointer` (RFC 6901).
inline std::string refusal(const std::string& model, const char* pointer, const nlohmann::json& value) {
  auto changed = nlohmann::json::parse(io::read_text(folder(model) / "tokenizer.json", 1 << 20).value());
  changed[nlohmann::json::json_pointer(pointer)] = value;
  const auto made = Tokenizer::from_json(changed.dump(), "t.json");
  EXPECT_FALSE(made.ok()) << pointer;
  return made.ok() ? "" : made.error().message();
}

inline std::vector<std::vector<int32_t>> ids(const std::string& model) {
  const io::Matrix table = matrix(model, "ids");
  std::vector<std::vector<int32_t>> rows(table.rows);
  for (size_t i = 0; i < table.values.size(); ++i)
    if (table.values[i] >= 0) rows[i / table.columns].push_back(static_cast<int32_t>(table.values[i]));
  return rows;
}

inline std::vector<PreparedImage> pictures(const std::string& model) {
  const io::Matrix pixels = matrix(model, "pixels");
  std::vector<PreparedImage> all(pixels.rows);
  for (size_t i = 0; i < pixels.values.size(); ++i)
    all[i / pixels.columns].rgb.push_back(static_cast<uint8_t>(pixels.values[i]));
  return all;
}

inline std::vector<std::string> texts(const std::string& model) {
  const auto text = io::read_text(folder(model) / "texts.txt", 1 << 20);
  std::vector<std::string> lines(1);
  for (const char c : text.ok() ? *text : "")
    if (c == '\n')
      lines.emplace_back();
    else
      lines.back() += c;
  lines.pop_back();
  return lines;
}

// The levels that this machine can run.
inline std::vector<ops::CpuLevel> cpu_levels() {
  std::vector<ops::CpuLevel> levels;
  for (const auto level :
       {ops::CpuLevel::portable, ops::CpuLevel::neon, ops::CpuLevel::avx2, ops::CpuLevel::avx512})
    if (ops::supports(level)) levels.push_back(level);
  return levels;
}

inline float largest_difference(std::span<const float> a, std::span<const float> b) {
  EXPECT_EQ(a.size(), b.size());
  float largest = a.size() == b.size() ? 0.0f : 1.0f;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const float difference = std::abs(a[i] - b[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

}  // namespace elanus::clip::golden
