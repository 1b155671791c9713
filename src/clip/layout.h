// Which of the published layouts a model has, and which file its weights are in.
#pragma once
#include <filesystem>

#include "base/result.h"

namespace elanus::clip {

enum class Layout {
  transformers,  // config.json; model.safetensors, or the shards of model.safetensors.index.json, or
                 // pytorch_model.bin
  open_clip,     // open_clip_config.json; open_clip_model.safetensors or open_clip_pytorch_model.bin
  openai,        // one archive FILE.pt, which says everything by its tensors' shapes
};

struct ModelFiles {
  Layout layout = Layout::transformers;
  std::filesystem::path folder;   // configs and tokenizer
  std::filesystem::path weights;  // a file of tensors, or the index of several
};

// `model` is a folder, or a .pt file: of open_clip when its folder has open_clip_config.json, else OpenAI's.
// Looks at names only. A folder that holds a model in several layouts is read in the first of the above.
// not_found says what was expected.
Result<ModelFiles> find_model_files(const std::filesystem::path& model);

// Whether it has the outside of a model: a folder with a config or a single .pt file, or such a file.
bool looks_like_model(const std::filesystem::path& model);

// The folder's name, or that of the file without ".pt".
std::string model_name(const std::filesystem::path& model);

}  // namespace elanus::clip
