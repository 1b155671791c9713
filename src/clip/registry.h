// The models that are known by name: models/registry.json, which is part of the program.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/hub.h"

namespace elanus::clip {

// Of 100 captions, how many have their picture among the first 1, 5 and 10.
using Recall = std::array<double, 3>;

struct RegisteredModel {
  std::string name;                    // of its folder here
  std::vector<std::string> spellings;  // that people use for it
  std::string family,
      layout;  // "clip", "clip-resnet", "siglip", "siglip2", "chinese-clip"; "transformers", "open_clip"
  std::string licence;
  uint64_t parameters = 0;
  uint32_t dim = 0, image_size = 0, context_length = 0;  // pixels a side; tokens
  std::optional<Recall> coco, flickr30k;                 // text to image, as published
  io::HubRepository source;
  uint64_t download_bytes = 0;  // about

  // Whether this program reads a checkpoint of this family and layout.
  bool readable() const;
};

// In the order of the file. Thread-safety: from any thread; read once.
std::span<const RegisteredModel> registered_models();

// By its name, its repository or any spelling, whatever the case, the spaces around and the separators
// ("ViT-B/32", "vit_b_32", "open_clip:ViT-B-32/openai", "ViT-B-32__openai"); nullptr when there is none.
const RegisteredModel* find_registered(std::string_view name);

// unsupported, corrupt: what is wrong with a registry; `what` names it. For the test of the file.
Result<std::vector<RegisteredModel>> parse_registry(std::string_view json, const std::string& what);

// A name as find_registered compares it.
std::string plain_name(std::string_view name);

}  // namespace elanus::clip
