// Where a model's packed files lie, and whether they are of the model as it is now.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "clip/packed_file.h"
#include "clip/precision.h"
#include "ops/kernels.h"

namespace elanus::clip {

// Where packed files are read and written; both false and empty: nowhere.
struct PackedPlaces {
  bool beside = false;          // in the model's folder
  std::filesystem::path cache;  // a folder for models that cannot be written to; made when needed
  bool any() const { return beside || !cache.empty(); }
};

// The files that can matter to what is packed, by name: size, time and four pages of each. Of a model that is
// one file, that file, and what configures it and cuts its texts beside it; of a folder, all that could be
// part of a model.
Result<std::vector<FileStamp>> stamp_model(const std::filesystem::path& model);

// Thread-safety: const after open.
class PackedStore {
 public:
  // The state of the model, a folder or a file in one, as it is now. Disabled, never an error, when the model
  // cannot be looked at or there is no place: loading the model will say it better.
  static PackedStore open(const std::filesystem::path& model, const PackedPlaces& places,
                          const ops::Kernels& kernels, Precision precision = Precision::exact);

  bool enabled() const { return places_.any(); }

  // The packed file of "text" or "image", if there is one of this model, as it is, and of these kernels.
  std::optional<PackedFile> find(const std::string& tower) const;

  // For writing one: in the model's folder, else in the cache. An error says why there is none.
  Result<PackedWriter> create(const std::string& tower) const;

 private:
  std::vector<std::filesystem::path> paths(const std::string& tower) const;

  std::filesystem::path model_, folder_;
  PackedPlaces places_;
  std::string kernels_;
  std::vector<FileStamp> files_;
};

}  // namespace elanus::clip
