// Where things are on this machine: the user's collection and models, and the model that comes with the
// program.
#pragma once
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"
#include "clip/clip.h"
#include "store/collection.h"
#include "store_local/paths.h"

namespace elanus::cli {

// The models that come with the program. The first is the default. A row's `knows` completes
// "elanus-photo, which ...".
struct BundledModel {
  const char* name;
  const char* knows;
};
inline constexpr BundledModel kBundledModels[] = {
    {"elanus-photo",
     "knows photographs a little: of 1,077 that it had not seen, the right one was among the first ten for a "
     "third of the captions"},
    {"elanus-demo", "knows drawn scenes like those of demo/pictures, not photographs"}};

inline constexpr const char* kHowToGetOne =
    "A published CLIP finds far more in photographs. A good first one:\n"
    "  elanus model pull CLIP-ViT-B-32-laion2B-s34B-b79K\n"
    "A checkpoint that you downloaded yourself: elanus model import FOLDER";

// Null if the program did not bring it.
const BundledModel* bundled_model(const std::string& name);

// What is used where neither --model nor a collection names one: $ELANUS_MODEL, else the first of them.
std::string default_model();

// $XDG_DATA_HOME/elanus, else ~/.local/share/elanus.
std::filesystem::path data_folder();

// $HOME, else /root.
std::filesystem::path home_folder();

// $XDG_CACHE_HOME, else ~/.cache.
std::filesystem::path user_cache_folder();

// data_folder()/models: what `model pull` and `model import` fill.
std::filesystem::path models_folder();

struct ModelPlace {
  std::string name;
  std::filesystem::path folder;
  bool bundled = false;  // came with the program
};

// All models that can be named, by name; a user's model hides a bundled one of the same name.
std::vector<ModelPlace> list_models();

// A folder or .pt file that looks like a model, or a name, for a registered model any spelling of it.
// not_found says which names there are.
Result<ModelPlace> find_model(const std::string& name_or_folder);

// Loads it with packed files: beside the model, or in the user's cache when it came with the program or
// cannot be written to.
Result<std::unique_ptr<clip::Clip>> load_place(const ModelPlace& place, clip::LoadOptions options = {});

// The folder that a --store URI means; empty is the default library, and a folder of pictures that was
// indexed with
// --portable the collection inside. unsupported for one that is no folder (milvus://).
Result<std::filesystem::path> store_folder(const std::string& uri);

// The collection as messages name it: never with credentials.
Result<std::string> store_shown(const std::string& uri);

Result<bool> store_exists(const std::string& uri);

// An existing collection. not_found says how to make one. `stop` ends waiting for a server.
Result<std::unique_ptr<store::Collection>> open_store(const std::string& uri, bool writable,
                                                      std::stop_token stop = {});

// A new, empty one, writable.
Result<std::unique_ptr<store::Collection>> create_store(const std::string& uri, const store::Schema& schema,
                                                        std::stop_token stop = {});

// The collection, made for this model's vectors if there is none, in a folder with paths of this kind.
// Writable.
Result<std::unique_ptr<store::Collection>> open_or_create_store(
    const std::string& uri, const clip::Clip& clip, store_local::Paths paths = store_local::Paths::absolute);

Result<void> drop_store(const std::string& uri);

// The named model, else the one that made `schema`, else (no schema) the default one. A registered model that
// is not here is offered on a terminal.
Result<std::unique_ptr<clip::Clip>> load_model(const std::string& name_or_folder, const store::Schema* schema,
                                               const clip::LoadOptions& options = {});

// The model that pictures are put in with: the one named, else the collection's if there is one, else the
// default one.
Result<std::unique_ptr<clip::Clip>> load_model_for_writing(const Where& where);

}  // namespace elanus::cli
