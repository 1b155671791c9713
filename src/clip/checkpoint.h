// The weights of a model in any of the layouts of layout.h. Mapped read-only; tensors come by the
// names that transformers gives them, and with the shape that the caller expects.
#pragma once
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "clip/layout.h"
#include "clip/open_clip_tensors.h"
#include "io/file.h"
#include "io/safetensors.h"

namespace elanus::clip {

// Thread-safety: const after open; const methods may be called from many threads.
class Checkpoint {
 public:
  // Maps the files and checks all headers; reads no weights. not_found, corrupt, or mismatch when the index
  // and its shards disagree.
  static Result<Checkpoint> open(const std::filesystem::path& model);
  static Result<Checkpoint> open(const ModelFiles& files);

  // The tensor, valid as long as this Checkpoint lives (also after a move of it). not_found names file and
  // tensor; mismatch adds the expected and the found shape; unsupported names a dtype other than F32, F16,
  // BF16.
  Result<io::TensorView> tensor(std::string_view name, std::initializer_list<size_t> shape) const;

  // Null when there is no such tensor.
  const std::vector<size_t>* shape(std::string_view name) const;
  // The file that lists the tensors, as errors show it.
  const std::string& source() const { return source_; }

  bool has(std::string_view name) const { return tensors_.find(name) != tensors_.end(); }

  // Where in the model folder the bytes of a tensor lie, if they are in a file as they are.
  struct Place {
    std::string file;
    uint64_t at;
  };
  std::optional<Place> place_of(const io::TensorView& view) const;

  // How many weights: the elements of all floating-point tensors.
  uint64_t parameters() const;

  // XXH3-128 of the weight files' whole content, hex; of several files, of their hashes in order of file
  // name. Reads everything: about as fast as memory.
  std::string hash() const;

 private:
  struct Located {
    io::TensorView view;
    size_t file = 0;  // index into files_
  };
  struct File {
    std::string name;  // as errors show it
    io::MappedFile map;
  };
  using FileOfTensor = std::map<std::string, std::string>;  // an index of shards
  // All tensors of `file`, or those that `listed` says are in it.
  Result<void> add(const std::filesystem::path& file, Layout layout, const FileOfTensor* listed);
  Result<void> add_shards(const std::filesystem::path& index);

  std::string source_;
  std::vector<File> files_;
  Derived derived_;
  std::map<std::string, Located, std::less<>> tensors_;
};

// Converts all elements, exactly. Requires a floating dtype as `Checkpoint::tensor` guarantees, and
// out.size() == view.elements().
void to_f32(const io::TensorView& view, std::span<float> out);
std::vector<float> to_f32(const io::TensorView& view);

}  // namespace elanus::clip
