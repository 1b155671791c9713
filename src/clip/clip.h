// clip: CLIP models in C++. Reads published checkpoints as they are, turns words and pictures into unit
// vectors of one space. Radford et al., "Learning Transferable Visual Models From Natural Language
// Supervision", 2021.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "clip/packed_store.h"
#include "clip/precision.h"
#include "clip/work.h"
#include "image/image.h"

namespace elanus::clip {

struct ModelInfo {
  std::string name;             // of the folder or file, "elanus-demo"
  std::string hash;             // XXH3-128 of the weights, hex
  uint32_t dim = 0;             // length of an embedding
  uint32_t image_size = 0;      // side of the square input, pixels
  uint32_t patch_size = 0;      // side of a patch, pixels
  uint32_t context_length = 0;  // tokens, start and end included
  uint64_t parameters = 0;
  Precision precision = Precision::exact;  // as loaded; vectors of all classes may stand in one collection
};

// A picture ready for the image tower: resized and cropped, image_size x image_size x 3 bytes (RGB,
// row-major).
struct PreparedImage {
  std::vector<uint8_t> rgb;
};

struct LoadOptions {
  unsigned threads = 0;    // 0: one per available CPU
  bool text_only = false;  // do not touch the image tower's weights
  PackedPlaces packed =
      {};  // where towers are kept as the kernels read them, for quick starts; nowhere by default
  Precision precision = Precision::exact;
  std::string cpu = {};  // "" best available; "portable", "avx2", "avx512" for tests and measurements
};

struct TextEmbedding {
  std::vector<float> vector;  // dim floats, length 1
  uint32_t tokens = 0;        // used, start and end included
  bool truncated =
      false;  // the text was longer than context_length tokens; its end was cut, the end token kept
};

// A loaded model. Thread-safety: after load everything is const; calls from several threads are safe and take
// turns on the model's threads.
class Clip {
 public:
  // Reads a folder in any of the published layouts, or a .pt file with its tokenizer beside it, as
  // docs/models.md lists them. Errors name file, tensor, expected and found.
  static Result<std::unique_ptr<Clip>> load(const std::filesystem::path& model,
                                            const LoadOptions& options = {});
  ~Clip();

  const ModelInfo& info() const;

  // What there is to do for one text or picture; see work.h.
  Work work_per_text(size_t tokens) const;
  Work work_per_picture() const;

  // Why a tower could not be kept in LoadOptions::packed; empty when all is well.
  std::string packed_problem() const;

  // One unit vector for each text, in order. Any bytes are accepted; invalid UTF-8 is replaced by U+FFFD.
  Result<std::vector<TextEmbedding>> embed_texts(std::span<const std::string> texts) const;

  // Resize (bicubic, antialiased), centre crop, as the model's preprocessor config says.
  Result<PreparedImage> prepare(const image::Image& picture) const;

  // What to pass to image::decode for a picture that goes to prepare(): what its centre crop leaves out need
  // not be decoded, and unless `exact` a scaled decode that this model's input allows.
  image::DecodeOptions decode_options(bool exact = false) const;

  // Writes pictures.size() * dim floats to `out`, unit vectors in order. invalid_argument on a wrong size.
  Result<void> embed_images(std::span<const PreparedImage> pictures, std::span<float> out) const;

 private:
  struct Parts;
  explicit Clip(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace elanus::clip
