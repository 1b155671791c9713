#include "operators/embeddings.h"

#include <charconv>

#include "store/validate.h"

namespace elanus::operators {

Result<Embedding> ImageEmbedding::operator()(const image::Image& picture) const {
  return (*this)(TRY(clip.prepare(picture)));
}

Result<Embedding> ImageEmbedding::operator()(const clip::PreparedImage& picture) const {
  Embedding vector(clip.info().dim);
  TRY(clip.embed_images(std::span(&picture, 1), vector));
  return vector;
}

std::vector<Result<Embedding>> ImageEmbedding::operator()(std::span<const image::Image> pictures) const {
  std::vector<clip::PreparedImage> prepared;
  std::vector<Result<Embedding>> vectors;
  std::vector<size_t> places;
  for (size_t i = 0; i < pictures.size(); ++i) {
    auto one = clip.prepare(pictures[i]);
    if (one.ok()) {
      vectors.emplace_back(Embedding());
      prepared.push_back(std::move(*one));
      places.push_back(i);
    } else {
      vectors.emplace_back(std::move(one).error());
    }
  }
  auto embedded = (*this)(std::span<const clip::PreparedImage>(prepared));
  for (size_t i = 0; i < places.size(); ++i) vectors[places[i]] = std::move(embedded[i]);
  return vectors;
}

std::vector<Result<Embedding>> ImageEmbedding::operator()(
    std::span<const clip::PreparedImage> pictures) const {
  const size_t dim = clip.info().dim;
  std::vector<float> all(pictures.size() * dim);
  const auto done = clip.embed_images(pictures, all);
  std::vector<Result<Embedding>> vectors;
  for (size_t i = 0; i < pictures.size(); ++i) {
    if (done.ok())
      vectors.emplace_back(Embedding(all.begin() + i * dim, all.begin() + (i + 1) * dim));
    else
      vectors.emplace_back(done.error());
  }
  return vectors;
}

Result<Embedding> TextEmbedding::operator()(const std::string& words) const {
  return std::move(TRY((*this)(std::span(&words, 1)))[0]);
}

Result<std::vector<Embedding>> TextEmbedding::operator()(std::span<const std::string> words) const {
  std::vector<Embedding> vectors;
  for (auto& embedded : TRY(clip.embed_texts(words))) vectors.push_back(std::move(embedded.vector));
  return vectors;
}

Result<Embedding> TensorNormalize::operator()(const Embedding& vector) const {
  TRY(store::check_vector(vector, static_cast<uint32_t>(vector.size())));
  return store::normalized(vector);
}

Result<int64_t> to_int(const std::string& text) {
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end)
    return invalid_argument("'" + text + "' is not a whole number of 64 bits");
  return value;
}

}  // namespace elanus::operators
