#include "cli/places.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "cli/milvus.h"
#include "cli/pull.h"
#include "cli/terminal.h"
#include "clip/layout.h"
#include "clip/registry.h"
#include "store_local/local_collection.h"

namespace elanus::cli {
namespace {

namespace fs = std::filesystem;
using store_local::LocalCollection;

// The XDG base directory that the variable names, else `usual` in the home.
fs::path user_folder(const char* variable, const char* usual) {
  const char* xdg = std::getenv(variable);
  if (xdg && *xdg == '/') return xdg;
  return home_folder() / usual;
}

// Where the models that came with the program are: beside it when installed, in the source tree when built.
std::vector<fs::path> bundled_folders() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return {program.parent_path().parent_path() / "share/elanus/models", ELANUS_MODELS_INSTALL,
          ELANUS_MODELS_BUILD};
}

// A folder of pictures stands for the collection that `index --portable` keeps in it.
fs::path where_it_is(const fs::path& folder) {
  return !LocalCollection::exists(folder) && LocalCollection::exists(folder / ".elanus") ? folder / ".elanus"
                                                                                         : folder;
}

}  // namespace

fs::path home_folder() {
  const char* home = std::getenv("HOME");
  return home && *home ? home : "/root";
}

fs::path data_folder() { return user_folder("XDG_DATA_HOME", ".local/share") / "elanus"; }

fs::path user_cache_folder() { return user_folder("XDG_CACHE_HOME", ".cache"); }

fs::path models_folder() { return data_folder() / "models"; }

const BundledModel* bundled_model(const std::string& name) {
  const auto* found = std::find_if(std::begin(kBundledModels), std::end(kBundledModels),
                                   [&](const BundledModel& model) { return model.name == name; });
  return found == std::end(kBundledModels) ? nullptr : found;
}

std::string default_model() {
  const char* chosen = std::getenv("ELANUS_MODEL");
  return chosen && *chosen ? chosen : kBundledModels[0].name;
}

std::vector<ModelPlace> list_models() {
  std::map<std::string, ModelPlace> models;
  for (const auto& folder : bundled_folders())
    for (const auto& [name, knows] : kBundledModels)
      if (clip::looks_like_model(folder / name)) models.emplace(name, ModelPlace{name, folder / name, true});
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(models_folder(), error))
    if (clip::looks_like_model(entry.path())) {
      const std::string name = entry.path().filename().native();
      if (name[0] != '.') models[name] = {name, entry.path(), false};
    }
  std::vector<ModelPlace> list;
  for (auto& [name, place] : models) list.push_back(std::move(place));
  return list;
}

Result<ModelPlace> find_model(const std::string& name_or_folder) {
  const auto models = list_models();
  for (const auto& model : models)
    if (model.name == name_or_folder) return model;
  if (clip::looks_like_model(name_or_folder)) {
    std::error_code error;
    const fs::path folder = fs::weakly_canonical(name_or_folder, error);
    return ModelPlace{clip::model_name(folder), folder, false};
  }
  if (const auto* known = clip::find_registered(name_or_folder)) {
    for (const auto& model : models)
      if (model.name == known->name) return model;
    return Error(ErrorKind::not_found,
                 name_or_folder + " is not on this machine; to get it:\n  elanus model pull " + known->name);
  }
  std::string names;
  for (const auto& model : models) names += (names.empty() ? "" : ", ") + model.name;
  return Error(ErrorKind::not_found,
               "there is no model '" + name_or_folder + "' here, and no folder of that name with a " +
                   "config.json, open_clip_config.json or .pt file. The models here: " +
                   (names.empty() ? "none" : names) + ". `elanus model import PATH` adds a downloaded one");
}

Result<fs::path> store_folder(const std::string& uri) {
  if (uri.empty()) return data_folder() / "library";
  const size_t colon = uri.find(':');
  const std::string scheme = colon == std::string::npos ? "" : uri.substr(0, colon);
  if (scheme == "file") {
    std::string path = uri.substr(colon + 1);
    if (path.starts_with("//")) path.erase(0, 2);
    if (path.empty())
      return Error(ErrorKind::invalid_argument, "'" + uri + "' names no path; write file:PATH");
    return where_it_is(path);
  }
  if (milvus::is_uri(uri))
    return Error(ErrorKind::unsupported, "a milvus:// collection lies in no folder; this needs a file: one");
  if (scheme == "memory")
    return Error(ErrorKind::unsupported, "'" + uri + "' would be gone with the command; write file:PATH");
  return where_it_is(uri);
}

Result<std::string> store_shown(const std::string& uri) {
  if (milvus::is_uri(uri)) return milvus::shown(uri);
  return TRY(store_folder(uri)).native();
}

Result<bool> store_exists(const std::string& uri) {
  if (milvus::is_uri(uri)) return milvus::exists(uri);
  return LocalCollection::exists(TRY(store_folder(uri)));
}

Result<std::unique_ptr<store::Collection>> open_store(const std::string& uri, bool writable,
                                                      std::stop_token stop) {
  if (milvus::is_uri(uri)) return milvus::open(uri, writable, std::move(stop));
  const fs::path folder = TRY(store_folder(uri));
  if (!LocalCollection::exists(folder))
    return Error(ErrorKind::not_found, "there is no collection at " + folder.native() +
                                           "; make one with: elanus index FOLDER" +
                                           (uri.empty() ? "" : " --store " + uri));
  std::unique_ptr<store::Collection> opened = TRY(LocalCollection::open(
      folder, writable ? store_local::OpenMode::read_write : store_local::OpenMode::read_only));
  return opened;
}

Result<std::unique_ptr<store::Collection>> create_store(const std::string& uri, const store::Schema& schema,
                                                        std::stop_token stop) {
  if (milvus::is_uri(uri)) return milvus::create(uri, schema, std::move(stop));
  std::unique_ptr<store::Collection> created = TRY(LocalCollection::create(TRY(store_folder(uri)), schema));
  return created;
}

Result<std::unique_ptr<store::Collection>> open_or_create_store(const std::string& uri,
                                                                const clip::Clip& clip,
                                                                store_local::Paths paths) {
  if (TRY(store_exists(uri))) return open_store(uri, true);
  const clip::ModelInfo& model = clip.info();
  const store::Schema schema{model.dim, store::Metric::cosine, {model.name, model.hash}};
  if (paths == store_local::Paths::absolute) return create_store(uri, schema);
  return std::unique_ptr<store::Collection>(
      TRY(LocalCollection::create(TRY(store_folder(uri)), schema, paths)));
}

Result<void> drop_store(const std::string& uri) {
  if (milvus::is_uri(uri)) return milvus::drop(uri);
  return LocalCollection::drop(TRY(store_folder(uri)));
}

Result<std::unique_ptr<clip::Clip>> load_place(const ModelPlace& place, clip::LoadOptions options) {
  options.packed = {.beside = !place.bundled, .cache = user_cache_folder() / "elanus/packed"};
  auto clip = TRY(clip::Clip::load(place.folder, options));
  if (const std::string problem = clip->packed_problem(); !problem.empty())
    say("note: the next start will be as slow as this one: " + problem);
  return clip;
}

Result<std::unique_ptr<clip::Clip>> load_model(const std::string& name_or_folder, const store::Schema* schema,
                                               const clip::LoadOptions& options) {
  const bool named = !name_or_folder.empty();
  const std::string name = named ? name_or_folder : schema ? schema->model.name : default_model();
  const auto place = find_model(name);
  if (place.ok()) return load_place(*place, options);
  const std::string what = named || !schema ? name : "the model that made the collection, " + name + ",";
  if (const auto* known = clip::find_registered(name))
    return load_place(TRY(offer_pull(*known, what)), options);
  if (named || !schema) return place.error();
  return Error(ErrorKind::not_found,
               "the collection was made by the model '" + name +
                   "', which is not here; name its folder with --model, or add it with " +
                   "`elanus model import FOLDER`");
}

Result<std::unique_ptr<clip::Clip>> load_model_for_writing(const Where& where) {
  const clip::LoadOptions options{.precision = TRY(clip::parse_precision(where.precision))};
  if (!where.model.empty() || !TRY(store_exists(where.store)))
    return load_model(where.model, nullptr, options);
  const auto existing = TRY(open_store(where.store, false));
  return load_model("", &existing->schema(), options);
}

}  // namespace elanus::cli
