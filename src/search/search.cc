#include "search/search.h"

#include "store/model_match.h"

namespace elanus::search {
namespace {

Result<void> check_model(const store::Collection& collection, const clip::Clip& clip) {
  const clip::ModelInfo& model = clip.info();
  return store::check_model(collection.schema(), {model.name, model.hash}, model.dim);
}

}  // namespace

Result<Answer> search_text(const store::Collection& collection, const clip::Clip& clip, const std::string& words,
                           const store::SearchParams& params) {
  TRY(check_model(collection, clip));
  if (words.find_first_not_of(" \t\r\n") == std::string::npos)
    return Error(ErrorKind::invalid_argument, "the query has no words");
  const auto embedded = TRY(clip.embed_texts(std::span(&words, 1)));
  Answer answer;
  answer.truncated = embedded[0].truncated;
  answer.tokens = embedded[0].tokens;
  answer.hits = TRY(collection.search(embedded[0].vector, params));
  return answer;
}

Result<std::vector<float>> embed_picture(const clip::Clip& clip, std::span<const std::byte> bytes, bool exact,
                                         uint64_t max_pixels) {
  image::DecodeOptions options = clip.decode_options(exact);
  options.max_pixels = max_pixels;
  const clip::PreparedImage prepared = TRY(clip.prepare(TRY(image::decode(bytes, options))));
  std::vector<float> vector(clip.info().dim);
  TRY(clip.embed_images(std::span(&prepared, 1), vector));
  return vector;
}

Result<Answer> search_image(const store::Collection& collection, const clip::Clip& clip,
                            std::span<const std::byte> bytes, const std::string& what,
                            const store::SearchParams& params) {
  TRY(check_model(collection, clip));
  const auto vector = TRY(base::within(what, embed_picture(clip, bytes)));
  Answer answer;
  answer.hits = TRY(collection.search(vector, params));
  return answer;
}

}  // namespace elanus::search
