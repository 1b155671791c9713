#include "clip/layout.h"

#include <string>

namespace elanus::clip {
namespace fs = std::filesystem;

namespace {

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

}  // namespace

Result<ModelFiles> find_model_files(const fs::path& folder) {
  constexpr struct {
    Layout layout;
    const char* weights;
  } kWeights[] = {
      {Layout::transformers, "model.safetensors"},
      {Layout::transformers, "model.safetensors.index.json"},
      {Layout::open_clip, "open_clip_model.safetensors"},
  };
  for (const auto& [layout, weights] : kWeights)
    if (is_there(folder / weights)) return ModelFiles{layout, folder, folder / weights};
  for (const char* other :
       {"pytorch_model.bin", "pytorch_model.bin.index.json", "open_clip_pytorch_model.bin"})
    if (is_there(folder / other))
      return Error(ErrorKind::unsupported,
                   folder.string() + " holds its weights in " + other + ", expected model.safetensors or " +
                       "open_clip_model.safetensors (most models offer both; or save it again with " +
                       "safe_serialization=True)");
  return Error(ErrorKind::not_found,
               "no model.safetensors, model.safetensors.index.json or open_clip_model.safetensors in " +
                   folder.string() + ", expected a model folder in the layout of transformers or open_clip");
}

}  // namespace elanus::clip
