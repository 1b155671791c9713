#include <unistd.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/main.h"
#include "cli/model_list.h"
#include "cli/places.h"
#include "cli/pull.h"
#include "cli/terminal.h"
#include "clip/layout.h"

namespace elanus::cli {
namespace {

namespace fs = std::filesystem;

// Beside the weights.
bool belongs_to_model(const fs::path& file) {
  constexpr std::array kNames = {"config.json",    "open_clip_config.json",   "preprocessor_config.json", "processor_config.json", "tokenizer.json",
                                 "vocab.json",     "merges.txt",               "bpe_simple_vocab_16e6.txt", "bpe_simple_vocab_16e6.txt.gz", "tokenizer_config.json", "special_tokens_map.json",
                                 "spiece.model",   "vocab.txt",
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

int pull_model(const std::string& name, bool offline, bool as_json) {
  const auto* known = TRY_OR_FAIL(registered(name));
  const ModelPlace place = TRY_OR_FAIL(pull(*known, offline));
  if (as_json)
    print_json({{"name", place.name}, {"folder", place.folder.native()}});
  else
    std::printf("%s is here. Use it with --model %s\n", place.name.c_str(), place.name.c_str());
  return kDone;
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
    case ModelOptions::Action::list: return list_all_models(options.json);
    case ModelOptions::Action::info: return show_model(options.name, options.json);
    case ModelOptions::Action::pull: return pull_model(options.name, options.offline, options.json);
    case ModelOptions::Action::import: return import_model(options.folder, options.name);
    case ModelOptions::Action::remove: return remove_model(options.name);
  }
  return kWrongCall;
}

}  // namespace elanus::cli
