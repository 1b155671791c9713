#include "clip/registry.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/json.h"

namespace elanus::clip {

// Generated: the text of models/registry.json.
extern const char* const kRegistryJson;

namespace {

using nlohmann::json;

// What Clip::load reads.
constexpr struct {
  const char *family, *layout, *weights;
} kReadable[] = {
    {"clip", "transformers", ".safetensors"},
    {"clip", "transformers", ".bin"},
    {"clip", "open_clip", ".safetensors"},
    {"clip", "open_clip", ".bin"},
    {"clip-resnet", "open_clip", ".safetensors"},
    {"clip-resnet", "open_clip", ".bin"},
    {"siglip", "transformers", ".safetensors"},
    {"siglip2", "transformers", ".safetensors"},
    {"chinese-clip", "transformers", ".safetensors"},
    {"chinese-clip", "transformers", ".bin"},
};

Recall recall_from(const json& values) {
  return {values.at(0).get<double>(), values.at(1).get<double>(), values.at(2).get<double>()};
}

// Throws json::exception, as all of at() and get() do.
RegisteredModel model_from(const json& from) {
  RegisteredModel model;
  from.at("name").get_to(model.name);
  from.at("spellings").get_to(model.spellings);
  from.at("family").get_to(model.family);
  from.at("layout").get_to(model.layout);
  from.at("licence").get_to(model.licence);
  from.at("parameters").get_to(model.parameters);
  from.at("dim").get_to(model.dim);
  from.at("image_size").get_to(model.image_size);
  from.at("context_length").get_to(model.context_length);
  if (from.contains("recall")) {
    model.coco = recall_from(from.at("recall").at("coco"));
    model.flickr30k = recall_from(from.at("recall").at("flickr30k"));
  }
  from.at("repository").get_to(model.source.id);
  from.at("revision").get_to(model.source.revision);
  for (const json& file : from.at("files")) {
    const io::HubFile entry{file.at("name"), file.value("bytes", uint64_t{0}), file.value("sha256", ""),
                            file.value("url", "")};
    model.download_bytes += entry.bytes;
    model.source.files.push_back(entry);
  }
  return model;
}

// Registries and tools in front of the same name.
std::string_view without_prefix(std::string_view plain) {
  for (const std::string_view prefix : {"open-clip-", "hf-hub-", "hf-clip-", "immich-app-"})
    if (plain.starts_with(prefix)) return plain.substr(prefix.size());
  return plain;
}

}  // namespace

bool RegisteredModel::readable() const {
  return std::any_of(std::begin(kReadable), std::end(kReadable), [&](const auto& known) {
    return family == known.family && layout == known.layout &&
           std::any_of(source.files.begin(), source.files.end(),
                       [&](const io::HubFile& file) { return file.name.ends_with(known.weights); });
  });
}

Result<std::vector<RegisteredModel>> parse_registry(std::string_view text, const std::string& what) {
  const json root = TRY(io::parse_json(text, what));
  std::vector<RegisteredModel> models;
  try {
    for (const json& entry : root.at("models")) models.push_back(model_from(entry));
  } catch (const json::exception& e) {
    return Error(ErrorKind::corrupt, what + ": " + e.what());
  }
  return models;
}

std::span<const RegisteredModel> registered_models() {
  static const auto models = parse_registry(kRegistryJson, "models/registry.json");
  return models.ok() ? std::span<const RegisteredModel>(*models) : std::span<const RegisteredModel>();
}

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const bool separator = std::string_view(" \t\r\n/\\_-:@").find(c) != std::string_view::npos;
    if (!separator) plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (separator && !plain.empty() && plain.back() != '-') plain += '-';
  }
  while (plain.ends_with('-')) plain.pop_back();
  return plain;
}

const RegisteredModel* find_registered(std::string_view name) {
  const std::string plain = plain_name(name);
  const std::string_view wanted = without_prefix(plain);
  if (wanted.empty()) return nullptr;
  for (const RegisteredModel& model : registered_models()) {
    if (plain_name(model.name) == wanted || plain_name(model.source.id) == wanted) return &model;
    for (const std::string& spelling : model.spellings)
      if (plain_name(spelling) == wanted) return &model;
  }
  return nullptr;
}

}  // namespace elanus::clip
