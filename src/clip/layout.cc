#include "clip/layout.h"

#include <string>
#include <vector>

namespace elanus::clip {
namespace fs = std::filesystem;

namespace {

constexpr const char* open_clip_config = "open_clip_config.json";

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool is_archive(const fs::path& path) {
  std::error_code ignored;
  return path.extension() == ".pt" && fs::is_regular_file(path, ignored);
}

// The folder's only .pt file, or nothing.
fs::path only_archive(const fs::path& folder) {
  std::vector<fs::path> archives;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (is_archive(entry.path())) archives.push_back(entry.path());
  return archives.size() == 1 ? archives[0] : fs::path();
}

}  // namespace

Result<ModelFiles> find_model_files(const fs::path& model) {
  if (is_archive(model)) {
    const fs::path folder = model.has_parent_path() ? model.parent_path() : fs::path(".");
    return ModelFiles{is_there(folder / open_clip_config) ? Layout::open_clip : Layout::openai, folder,
                      model};
  }
  constexpr struct {
    Layout layout;
    const char* weights;
  } kWeights[] = {
      {Layout::transformers, "model.safetensors"},
      {Layout::transformers, "model.safetensors.index.json"},
      {Layout::open_clip, "open_clip_model.safetensors"},
      {Layout::open_clip, "open_clip_pytorch_model.bin"},
      {Layout::transformers, "pytorch_model.bin"},
  };
  for (const auto& [layout, weights] : kWeights)
    if (is_there(model / weights)) return ModelFiles{layout, model, model / weights};
  if (const fs::path archive = only_archive(model); !archive.empty()) return find_model_files(archive);
  return Error(ErrorKind::not_found,
               "no weights in " + model.string() + ": expected model.safetensors (transformers), " +
                   "open_clip_model.safetensors or open_clip_pytorch_model.bin (open_clip), " +
                   "pytorch_model.bin, or one .pt file (OpenAI)");
}

bool looks_like_model(const fs::path& model) {
  return is_archive(model) || is_there(model / "config.json") || is_there(model / open_clip_config) ||
         !only_archive(model).empty();
}

std::string model_name(const fs::path& model) {
  std::error_code ignored;
  const fs::path full = fs::absolute(model, ignored).lexically_normal();
  const fs::path last = (full.has_filename() ? full : full.parent_path()).filename();
  return is_archive(model) ? last.stem().string() : last.string();
}

}  // namespace elanus::clip
