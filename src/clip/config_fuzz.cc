#include <cstdint>
#include <cstdlib>

#include "clip/config.h"

namespace {

void check(const elanus::clip::TransformerConfig& tower) {
  if (tower.heads == 0 || tower.head_dim() == 0 || tower.width % tower.heads != 0 || tower.width > 16384 ||
      tower.mlp_width == 0 || tower.mlp_width > 65536 || tower.layers > 256)
    std::abort();
}

}  // namespace

// An accepted config keeps the limits that later arithmetic relies on.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace elanus::clip;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto model = parse_model_config(text, "fuzz");
  if (model.ok()) {
    check(model->text);
    check(model->vision);
    if (model->vision.tokens() > 16385 || model->text.context_length < 2 ||
        model->text.positions < model->text.context_length)
      std::abort();
  }
  const auto described = parse_open_clip_config(text, "fuzz");
  if (described.ok()) {
    check(described->model.text);
    const auto& vision = described->model.vision;
    if (!vision.is_resnet()) check(vision);
    if (vision.is_resnet() &&
        (vision.heads == 0 || vision.width * 32 % vision.heads != 0 || vision.width > 256))
      std::abort();
    if (described->model.vision.tokens() > 16385 ||
        !check_fits(described->preprocessor, described->model.vision).ok())
      std::abort();
  }
  const auto preprocessor = parse_preprocessor_config(text, "fuzz");
  if (preprocessor.ok() && model.ok() && check_fits(*preprocessor, model->vision).ok() &&
      (preprocessor->center_crop ? preprocessor->crop_width : preprocessor->resize_width) !=
          model->vision.image_size)
    std::abort();
  return 0;
}
