#include "clip/clip.h"

#include <algorithm>
#include <optional>

#include "base/thread_pool.h"
#include "clip/checkpoint.h"
#include "clip/config.h"
#include "clip/engine.h"
#include "clip/packed_tower.h"
#include "clip/preprocess.h"
#include "clip/resnet_tower.h"
#include "clip/text_tower.h"
#include "clip/tokenizer.h"
#include "clip/vision_tower.h"
#include "ops/kernels.h"

namespace elanus::clip {

struct Clip::Parts {
  ModelInfo info;
  ModelConfig config;
  PreprocessorConfig preprocessor;
  Checkpoint checkpoint;
  PackedTower packed_text{"text"}, packed_image{"image"};
  std::optional<Tokenizer> tokenizer;
  const ops::Kernels* kernels = nullptr;
  mutable std::optional<base::ThreadPool> pool;
  Engine<TextTower> text;
  Engine<VisionTower> vision;
  Engine<ResNetTower> resnet;  // in its place, when the config says so
  bool text_only = false;

  Result<void> load_text(const std::filesystem::path& folder, const WeightSource& source) {
    const uint32_t vocab_size = config.text.vocab_size;
    tokenizer = TRY(source.packed ? Tokenizer::from_packed(*source.packed, vocab_size)
                                  : Tokenizer::load(folder, vocab_size));
    if (source.writer) tokenizer->pack(*source.writer);
    text.tower = TRY(TextTower::load(source, config));
    return text.prepare(*kernels, config.text, pool->size(), config.text.context_length, 0);
  }
  Result<void> load_vision(const WeightSource& source) {
    if (config.vision.is_resnet()) {
      resnet.tower = TRY(ResNetTower::load(source, config, pixel_scale(preprocessor)));
      resnet.workspace = TRY(resnet.tower.allocate(pool->size()));
      resnet.capacity = kRowsPerPass;  // one picture
      return {};
    }
    const size_t patch_values = size_t{3} * config.vision.patch_size * config.vision.patch_size;
    vision.tower = TRY(VisionTower::load(source, config, pixel_scale(preprocessor)));
    return vision.prepare(*kernels, config.vision, pool->size(), config.vision.tokens(), patch_values);
  }
  // The checkpoint is opened, and read for its hash, only when a tower has no packed file.
  Result<void> load_towers(const std::filesystem::path& model, const ModelFiles& files,
                           const PackedPlaces& places) {
    const PackedStore store = PackedStore::open(model, places, *kernels, info.precision);
    const WeightSource source{checkpoint, *kernels, *pool, nullptr, nullptr, info.precision};
    const auto load_words = [&](const WeightSource& from) { return load_text(files.folder, from); };
    const auto load_pictures = [&](const WeightSource& from) { return load_vision(from); };
    const bool have_text = packed_text.from_file(store, source, load_words);
    const bool have_image = text_only || packed_image.from_file(store, source, load_pictures);
    if (have_text && have_image) {
      info.hash = packed_text.file()->header().model_hash;
      info.parameters = packed_text.file()->header().model_parameters;
      return {};
    }
    checkpoint = TRY(Checkpoint::open(files));
    info.hash = checkpoint.hash();
    info.parameters = checkpoint.parameters();
    if (!have_text) TRY(packed_text.from_checkpoint(store, source, info.hash, info.parameters, load_words));
    if (!have_image)
      TRY(packed_image.from_checkpoint(store, source, info.hash, info.parameters, load_pictures));
    return {};
  }
  Result<void> has_vision() const {
    if (!text_only) return {};
    return Error(ErrorKind::invalid_argument,
                 info.name + " was loaded for texts only; load it whole to embed pictures");
  }
  void describe(const std::filesystem::path& model) {
    info.name = model_name(model);
    info.dim = config.projection_dim;
    info.image_size = config.vision.image_size;
    info.patch_size = config.vision.patch_size;
    info.context_length = config.text.context_length;
  }
};

Clip::Clip(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Clip::~Clip() = default;

Result<std::unique_ptr<Clip>> Clip::load(const std::filesystem::path& model, const LoadOptions& options) {
  auto parts = std::make_unique<Parts>();
  parts->text_only = options.text_only;
  parts->info.precision = options.precision;
  parts->kernels = &ops::kernels(TRY(ops::cpu_level(options.cpu)));
  const ModelFiles files = TRY(find_model_files(model));
  const Description description = TRY(read_description(files));
  parts->config = description.model;
  parts->preprocessor = description.preprocessor;
  TRY(check_fits(parts->preprocessor, parts->config.vision));
  parts->pool.emplace(options.threads);
  TRY(parts->load_towers(model, files, options.packed));
  parts->describe(model);
  return std::unique_ptr<Clip>(new Clip(std::move(parts)));
}

const ModelInfo& Clip::info() const { return parts_->info; }

Work Clip::work_per_text(size_t tokens) const { return clip::work_per_text(parts_->config, tokens); }

Work Clip::work_per_picture() const { return clip::work_per_picture(parts_->config); }

std::string Clip::packed_problem() const {
  const std::string& text = parts_->packed_text.problem();
  return text.empty() ? parts_->packed_image.problem() : text;
}

Result<std::vector<TextEmbedding>> Clip::embed_texts(std::span<const std::string> texts) const {
  const Parts& p = *parts_;
  TRY(p.packed_text.verify(*p.pool));
  const size_t dim = p.info.dim;
  std::vector<TextEmbedding> results(texts.size());
  std::vector<std::vector<int32_t>> ids(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    Encoded encoded = p.tokenizer->encode(texts[i], p.info.context_length);
    results[i].tokens = static_cast<uint32_t>(encoded.ids.size() - encoded.padding);
    results[i].truncated = encoded.truncated;
    ids[i] = std::move(encoded.ids);
  }
  std::vector<float> vectors(texts.size() * dim);
  const auto rows_of = [&](const std::vector<int32_t>& text) { return p.text.tower.rows(text); };
  p.text.run(*p.pool, std::span<const std::vector<int32_t>>(ids), rows_of, dim, vectors.data());
  for (size_t i = 0; i < texts.size(); ++i)
    results[i].vector.assign(vectors.begin() + static_cast<std::ptrdiff_t>(i * dim),
                             vectors.begin() + static_cast<std::ptrdiff_t>((i + 1) * dim));
  return results;
}

Result<PreparedImage> Clip::prepare(const image::Image& picture) const {
  TRY(parts_->has_vision());
  return clip::prepare(picture, parts_->preprocessor);
}

image::DecodeOptions Clip::decode_options(bool exact) const {
  image::DecodeOptions options;
  // The published models were trained, and are run by the reference, on pixels whose profile nobody applied.
  options.convert_profile = false;
  const PreprocessorConfig& config = parts_->preprocessor;
  if (config.resize == PreprocessorConfig::Resize::shortest_edge && config.center_crop &&
      std::max(config.crop_width, config.crop_height) <= config.shortest_edge)
    options.middle_for_side = config.shortest_edge;
  if (exact || config.resize == PreprocessorConfig::Resize::none) return options;
  // A decoder that stays at twice the target leaves the resize enough to work with: at most 4 grey levels
  // off.
  options.scale_to_short_side = 2 * (config.resize == PreprocessorConfig::Resize::shortest_edge
                                         ? config.shortest_edge
                                         : std::max(config.resize_width, config.resize_height));
  return options;
}

Result<void> Clip::embed_images(std::span<const PreparedImage> pictures, std::span<float> out) const {
  const Parts& p = *parts_;
  TRY(p.has_vision());
  TRY(p.packed_image.verify(*p.pool));
  const size_t dim = p.info.dim, bytes = size_t{p.info.image_size} * p.info.image_size * 3;
  if (out.size() != pictures.size() * dim)
    return Error(ErrorKind::invalid_argument, "expected room for " + std::to_string(pictures.size() * dim) +
                                                  " values, got " + std::to_string(out.size()));
  for (const PreparedImage& picture : pictures)
    if (picture.rgb.size() != bytes)
      return Error(ErrorKind::invalid_argument, "expected a prepared picture of " + std::to_string(bytes) +
                                                    " bytes, got " + std::to_string(picture.rgb.size()));
  if (p.config.vision.is_resnet()) {
    const auto all_rows = [](const PreparedImage&) { return kRowsPerPass; };
    p.resnet.run(*p.pool, pictures, all_rows, dim, out.data());
    return {};
  }
  const auto rows_of = [&](const PreparedImage&) -> size_t { return p.config.vision.tokens(); };
  p.vision.run(*p.pool, pictures, rows_of, dim, out.data());
  return {};
}

}  // namespace elanus::clip
