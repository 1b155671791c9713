// Operators between pictures, words and vectors. Thread-safety: all const, any number of calls at once; the
// model's own threads are taken in turns.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "clip/clip.h"
#include "image/image.h"

namespace elanus::operators {

using Embedding = std::vector<float>;

// Which of the model's towers: a type each, so that words for the image tower are a compile error.
struct Modality {
  struct Image {};
  struct Text {};
  static constexpr Image image{};
  static constexpr Text text{};
};

// One picture -> its embedding, for map; or up to a batch of them in one call, for map_batch, where a picture
// that cannot be prepared fails alone.
struct ImageEmbedding {
  const clip::Clip& clip;
  Result<Embedding> operator()(const image::Image& picture) const;
  Result<Embedding> operator()(const clip::PreparedImage& picture) const;
  std::vector<Result<Embedding>> operator()(std::span<const image::Image> pictures) const;
  std::vector<Result<Embedding>> operator()(std::span<const clip::PreparedImage> pictures) const;
};

// The same for words.
struct TextEmbedding {
  const clip::Clip& clip;
  Result<Embedding> operator()(const std::string& words) const;
  Result<std::vector<Embedding>> operator()(std::span<const std::string> words) const;
};

// dim values of length 1. The model must outlive the pipeline.
inline ImageEmbedding image_text_embedding(const clip::Clip& clip, Modality::Image) { return {clip}; }
inline TextEmbedding image_text_embedding(const clip::Clip& clip, Modality::Text) { return {clip}; }

// A vector -> the vector at length 1. invalid_argument: a value that is not finite, or all zero. The
// embeddings above have length 1 already; vectors from elsewhere may not.
struct TensorNormalize {
  Result<Embedding> operator()(const Embedding& vector) const;
};
inline TensorNormalize tensor_normalize() { return {}; }

// A cell of a CSV -> the whole number. invalid_argument when it is none.
Result<int64_t> to_int(const std::string& text);

}  // namespace elanus::operators
