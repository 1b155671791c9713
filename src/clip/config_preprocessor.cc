// The preprocessor's half of config.h.
#include <optional>
#include <utility>

#include "clip/config.h"
#include "clip/config_fields.h"
#include "io/file.h"
#include "io/json.h"

namespace elanus::clip {
namespace {

using nlohmann::json;

constexpr uint32_t max_input_side = 4096;

struct Size {
  std::optional<uint32_t> shortest_edge;
  uint32_t width = 0, height = 0;  // when there is no shortest_edge
};

// n, {"shortest_edge": n}, {"height": h, "width": w}
Result<Size> size(const Fields& fields, const char* key, const Size& fallback) {
  const json* value = fields.find(key);
  if (!value) return fallback;
  if (!value->is_object()) {
    const uint32_t side = TRY(fields.whole(key, 0, 1, max_input_side));
    return Size{side, side, side};
  }
  const Fields parts(*value, fields.what() + ": " + key);
  if (parts.find("longest_edge") || parts.find("max_height") || parts.find("max_width"))
    return Error(ErrorKind::unsupported,
                 parts.what() + ": expected a number, shortest_edge, or height and width");
  Size result;
  if (parts.find("shortest_edge")) {
    result.shortest_edge = TRY(parts.whole("shortest_edge", 0, 1, max_input_side));
    return result;
  }
  for (const auto& [name, side] : {std::pair{"height", &result.height}, std::pair{"width", &result.width}}) {
    if (!parts.find(name)) return fields.unexpected(key, "shortest_edge, or height and width", *value);
    *side = TRY(parts.whole(name, 0, 1, max_input_side));
  }
  return result;
}

Result<PreprocessorConfig> from_fields(const Fields& fields) {
  PreprocessorConfig config;
  // SiglipImageProcessor resizes to a square and does not crop.
  const json* type = fields.find("image_processor_type");
  const bool siglip = type && type->is_string() && type->get_ref<const std::string&>().starts_with("Siglip");
  if (siglip) config.mean = config.std = {0.5, 0.5, 0.5};
  const Size resized = TRY(size(fields, "size", siglip ? Size{std::nullopt, 224, 224} : Size{224, 224, 224}));
  config.resize =
      resized.shortest_edge ? PreprocessorConfig::Resize::shortest_edge : PreprocessorConfig::Resize::exact;
  if (!TRY(fields.flag("do_resize", true))) config.resize = PreprocessorConfig::Resize::none;
  config.shortest_edge = resized.shortest_edge.value_or(224);
  config.resize_width = resized.width;
  config.resize_height = resized.height;
  config.resample = static_cast<Resample>(TRY(fields.whole("resample", 3, 0, 5)));

  config.center_crop = TRY(fields.flag("do_center_crop", !siglip));
  const Size crop = TRY(size(fields, "crop_size", {std::nullopt, 224, 224}));
  // A number here means a square; of an edge the reference makes nothing.
  if (crop.width == 0 && config.center_crop)
    return fields.unexpected("crop_size", "a number, or height and width", *fields.find("crop_size"));
  config.crop_width = crop.width;
  config.crop_height = crop.height;

  config.rescale = TRY(fields.flag("do_rescale", true));
  config.rescale_factor = TRY(fields.number("rescale_factor", 1.0 / 255, 1e-9, 1e6));
  config.normalize = TRY(fields.flag("do_normalize", true));
  config.mean = TRY(fields.channels("image_mean", config.mean, -1e6));
  config.std = TRY(fields.channels("image_std", config.std, 1e-9));
  return config;
}

std::string pixels(uint32_t width, uint32_t height) {
  return std::to_string(width) + " x " + std::to_string(height) + " pixels";
}

}  // namespace

Result<PreprocessorConfig> parse_preprocessor_config(std::string_view text, const std::string& what) {
  const json root = TRY(io::parse_json(text, what, {.max_bytes = max_config_bytes}));
  if (!root.is_object())
    return Error(ErrorKind::corrupt, what + ": expected an object, found " + shown(root));
  const Fields top(root, what);
  const json* nested = top.find("image_processor");
  if (!nested) return from_fields(top);
  if (!nested->is_object()) return top.unexpected("image_processor", "an object", *nested);
  return from_fields(Fields(*nested, what + ": image_processor"));
}

Result<PreprocessorConfig> read_preprocessor_config(const std::filesystem::path& folder) {
  const std::filesystem::path old_name = folder / "preprocessor_config.json";
  const std::filesystem::path new_name = folder / "processor_config.json";
  std::error_code ignored;
  const bool is_new =
      !std::filesystem::exists(old_name, ignored) && std::filesystem::exists(new_name, ignored);
  const std::filesystem::path& path = is_new ? new_name : old_name;
  return parse_preprocessor_config(TRY(io::read_text(path, max_config_bytes)), path.string());
}

Result<void> check_fits(const PreprocessorConfig& preprocessor, const VisionConfig& vision) {
  const std::string expected = "expected the preprocessor to give " +
                               pixels(vision.image_size, vision.image_size) + " as config.json says, ";
  if (!preprocessor.center_crop && preprocessor.resize != PreprocessorConfig::Resize::exact)
    return Error(ErrorKind::mismatch, expected + "found a size that depends on the picture");
  const uint32_t width = preprocessor.center_crop ? preprocessor.crop_width : preprocessor.resize_width;
  const uint32_t height = preprocessor.center_crop ? preprocessor.crop_height : preprocessor.resize_height;
  if (width != vision.image_size || height != vision.image_size)
    return Error(ErrorKind::mismatch, expected + "found " + pixels(width, height));
  return {};
}

}  // namespace elanus::clip
