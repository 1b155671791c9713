#include <unistd.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/main.h"
#include "cli/places.h"
#include "cli/terminal.h"
#include "clip/layout.h"

namespace elanus::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHowToGetOne =
    "A published CLIP finds things in photographs. Download one in the layout of transformers or open_clip, for example\n"
    "laion/CLIP-ViT-B-32-laion2B-s34B-b79K or openai/clip-vit-base-patch32 from huggingface.co (config.json,\n"
    "model.safetensors, preprocessor_config.json; or open_clip_config.json, open_clip_model.safetensors; and\n"
    "tokenizer.json, or vocab.json and merges.txt; or OpenAI's .pt with bpe_simple_vocab_16e6.txt.gz beside it), then:\n"
    "  elanus model import PATH";

nlohmann::json to_json(const ModelPlace& place, const clip::ModelInfo& info) {
  return {{"name", place.name},           {"folder", place.folder.native()}, {"bundled", place.bundled},
          {"hash", info.hash},            {"dim", info.dim},                 {"image_size", info.image_size},
          {"patch_size", info.patch_size}, {"context_length", info.context_length}, {"parameters", info.parameters}};
}

Result<clip::ModelInfo> read_info(const ModelPlace& place) {
  return TRY(clip::Clip::load(place.folder, {.text_only = true}))->info();
}

int list(bool json) {
  nlohmann::json all = nlohmann::json::array();
  int code = kDone;
  if (!json) std::printf("%-32s %5s %6s %10s  %s\n", "name", "dim", "pixels", "parameters", "folder");
  for (const auto& place : list_models()) {
    const auto info = read_info(place);
    if (!info.ok()) {
      say(place.name + ": " + info.error().message());
      code = kIncomplete;
    } else if (json) {
      all.push_back(to_json(place, *info));
    } else {
      std::printf("%-32s %5u %6u %9.1fM  %s%s\n", place.name.c_str(), info->dim, info->image_size,
                  static_cast<double>(info->parameters) / 1e6, place.folder.c_str(),
                  place.name == kDemoModel ? "  (the default; knows drawn scenes, not photographs)" : "");
    }
  }
  if (json) print_json({{"models", all}});
  if (!json) std::printf("\n%s\n", kHowToGetOne);
  return code;
}

int show(const std::string& name, bool json) {
  const ModelPlace place = TRY_OR_FAIL(find_model(name));
  const clip::ModelInfo info = TRY_OR_FAIL(read_info(place));
  if (json) {
    print_json(to_json(place, info));
    return kDone;
  }
  std::printf("name            %s\nfolder          %s\nembedding       %u values\npicture         %u x %u pixels, patches of %u\n"
              "context         %u tokens\nparameters      %.1f million\nweights         XXH3-128 %s\n",
              place.name.c_str(), place.folder.c_str(), info.dim, info.image_size, info.image_size, info.patch_size,
              info.context_length, static_cast<double>(info.parameters) / 1e6, info.hash.c_str());
  if (place.name == kDemoModel)
    std::printf("\nIt knows the drawn world of its training, not photographs.\n%s\n", kHowToGetOne);
  return kDone;
}

// Beside the weights.
bool belongs_to_model(const fs::path& file) {
  constexpr std::array kNames = {"config.json",    "open_clip_config.json",   "preprocessor_config.json", "processor_config.json", "tokenizer.json",
                                 "vocab.json",     "merges.txt",               "bpe_simple_vocab_16e6.txt", "bpe_simple_vocab_16e6.txt.gz", "tokenizer_config.json", "special_tokens_map.json",
                                 "model.safetensors.index.json", "README.md",  "LICENSE"};
  return std::find(kNames.begin(), kNames.end(), file.filename().native()) != kNames.end();
}

// Copies to a hidden folder first and renames it at the end: a half copy is never taken for a model.
Result<void> copy_model(const clip::ModelFiles& from, const fs::path& to) {
  const bool shards = from.weights.extension() == ".json";
  const fs::path half = to.parent_path() / ("." + to.filename().native() + "." + std::to_string(::getpid()));
  std::error_code error;
  const auto copy = [&] {
    fs::create_directories(half, error);
    for (const auto& entry : fs::directory_iterator(from.folder, error)) {
      if (error) return;
      const bool wanted = entry.path() == from.weights || belongs_to_model(entry.path()) ||
                          (shards && entry.path().extension() == ".safetensors");
      if (wanted && entry.is_regular_file(error)) fs::copy_file(entry.path(), half / entry.path().filename(), error);
      if (error) return;
    }
    if (!error) fs::rename(half, to, error);
  };
  copy();
  if (!error) return {};
  const Error why = base::errno_error("cannot copy " + from.folder.native() + " to " + to.native(), error.value());
  fs::remove_all(half, error);
  return why;
}

int import_model(const std::string& folder, const std::string& new_name) {
  std::error_code error;
  const fs::path from = fs::weakly_canonical(folder, error);
  const std::string name = new_name.empty() ? clip::model_name(from) : new_name;
  if (name.empty() || name[0] == '.' || name.find('/') != std::string::npos)
    return fail({ErrorKind::invalid_argument, "'" + name + "' cannot be a model's name; choose one with --name"});
  const fs::path to = models_folder() / name;
  if (fs::exists(to, error))
    return fail({ErrorKind::already_exists, "there is a model '" + name + "' already; remove it with `elanus model rm " + name +
                                                "` or choose another --name"});
  // Both towers are loaded once, so that a broken checkpoint is refused here and not in the middle of an index run.
  const auto clip = TRY_OR_FAIL(clip::Clip::load(from));
  const double parameters = static_cast<double>(clip->info().parameters) / 1e6;
  TRY_OR_FAIL(copy_model(TRY_OR_FAIL(clip::find_model_files(from)), to));
  std::printf("%s: %u values, %.1f million parameters. Use it with --model %s\n", name.c_str(), clip->info().dim, parameters,
              name.c_str());
  return kDone;
}

int remove_model(const std::string& name) {
  for (const auto& place : list_models()) {
    if (place.name != name) continue;
    if (place.bundled) return fail({ErrorKind::invalid_argument, name + " comes with the program and cannot be removed"});
    std::error_code error;
    fs::remove_all(place.folder, error);
    if (error) return fail(base::errno_error("cannot remove " + place.folder.native(), error.value()));
    say(name + " removed");
    return kDone;
  }
  return fail({ErrorKind::not_found, "there is no model '" + name + "' among yours; `elanus model list` shows them"});
}

}  // namespace

int run(const ModelOptions& options) {
  switch (options.action) {
    case ModelOptions::Action::list: return list(options.json);
    case ModelOptions::Action::info: return show(options.name, options.json);
    case ModelOptions::Action::import: return import_model(options.folder, options.name);
    case ModelOptions::Action::remove: return remove_model(options.name);
  }
  return kWrongCall;
}

}  // namespace elanus::cli
