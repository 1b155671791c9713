// Which of the published layouts a model has, and which file its weights are in.
#pragma once
#include <filesystem>

#include "base/result.h"

namespace elanus::clip {

enum class Layout {
  transformers,  // config.json; model.safetensors, or the shards of model.safetensors.index.json
  open_clip,     // open_clip_config.json; open_clip_model.safetensors
};

struct ModelFiles {
  Layout layout = Layout::transformers;
  std::filesystem::path folder;   // configs and tokenizer
  std::filesystem::path weights;  // a file of tensors, or the index of several
};

// Looks at names only. A folder that holds a model in both layouts is read in transformers'. not_found and
// unsupported say what was expected.
Result<ModelFiles> find_model_files(const std::filesystem::path& folder);

}  // namespace elanus::clip
