#include "cli/model_list.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/byte_progress.h"
#include "cli/commands.h"
#include "cli/main.h"
#include "cli/places.h"
#include "cli/terminal.h"
#include "clip/registry.h"

namespace elanus::cli {
namespace {

using nlohmann::json;

json to_json(const ModelPlace& place, const clip::ModelInfo& info) {
  return {{"name", place.name},
          {"folder", place.folder.native()},
          {"bundled", place.bundled},
          {"hash", info.hash},
          {"dim", info.dim},
          {"image_size", info.image_size},
          {"patch_size", info.patch_size},
          {"context_length", info.context_length},
          {"parameters", info.parameters}};
}

json to_json(const clip::RegisteredModel& model) {
  json entry{{"name", model.name},
             {"repository", model.source.id},
             {"revision", model.source.revision},
             {"spellings", model.spellings},
             {"family", model.family},
             {"licence", model.licence},
             {"dim", model.dim},
             {"image_size", model.image_size},
             {"context_length", model.context_length},
             {"parameters", model.parameters},
             {"download_bytes", model.download_bytes}};
  if (model.coco) entry["recall"] = {{"coco", *model.coco}, {"flickr30k", *model.flickr30k}};
  return entry;
}

Result<clip::ModelInfo> read_info(const ModelPlace& place) {
  return TRY(load_place(place, {.text_only = true}))->info();
}

// "30 56 67", captions of 100 that have their picture among the first 1, 5 and 10.
std::string recall_words(const std::optional<clip::Recall>& recall) {
  if (!recall) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.0f %.0f %.0f", (*recall)[0], (*recall)[1], (*recall)[2]);
  return text;
}

void print_row(const std::string& name, uint32_t dim, uint32_t pixels, uint64_t parameters,
               const clip::RegisteredModel* known, const std::string& last) {
  std::printf("%-36s %5u %6u %6.0fM  %-9s %-9s  %s\n", name.c_str(), dim, pixels,
              static_cast<double>(parameters) / 1e6, known ? recall_words(known->coco).c_str() : "-",
              known ? recall_words(known->flickr30k).c_str() : "-", last.c_str());
}

void print_head(const char* title, const char* last) {
  std::printf("%-36s %5s %6s %7s  %-9s %-9s  %s\n", title, "dim", "pixels", "weights", "COCO", "Flickr30k",
              last);
}

// "elanus-demo knows ...", a line for each model that came with the program.
std::string bundled_words() {
  std::string lines;
  for (const auto& [name, knows] : kBundledModels) lines += std::string(name) + " " + knows + ".\n";
  return lines;
}

}  // namespace

int list_all_models(bool as_json) {
  json here = json::array(), available = json::array();
  const auto places = list_models();
  int code = kDone;
  if (!as_json) print_head("on this machine", "folder");
  for (const auto& place : places) {
    const auto info = read_info(place);
    if (!info.ok()) {
      say(place.name + ": " + info.error().message());
      code = kIncomplete;
    } else if (as_json) {
      here.push_back(to_json(place, *info));
    } else {
      print_row(
          place.name, info->dim, info->image_size, info->parameters, clip::find_registered(place.name),
          place.folder.native() + (place.name == default_model() ? "  (the default)" : ""));
    }
  }
  if (!as_json) std::printf("\n"), print_head("to be pulled", "download, licence, also known as");
  for (const auto& model : clip::registered_models()) {
    const bool installed =
        std::any_of(places.begin(), places.end(), [&](const auto& p) { return p.name == model.name; });
    if (installed || !model.readable()) continue;
    available.push_back(to_json(model));
    if (!as_json)
      print_row(model.name, model.dim, model.image_size, model.parameters, &model,
                bytes_words(model.download_bytes) + ", " + model.licence + ", " + model.spellings.back());
  }
  if (as_json) print_json({{"models", here}, {"available", available}});
  if (!as_json)
    std::printf(
        "\nCOCO, Flickr30k: of 100 captions, how many have their picture among the first 1, 5 and 10 "
        "(published, of"
        " 5,000\nand 1,000 pictures).\n\n%s%s\n",
        bundled_words().c_str(), kHowToGetOne);
  return code;
}

int show_model(const std::string& name, bool as_json) {
  const ModelPlace place = TRY_OR_FAIL(find_model(name));
  const clip::ModelInfo info = TRY_OR_FAIL(read_info(place));
  if (as_json) {
    print_json(to_json(place, info));
    return kDone;
  }
  std::printf(
      "name            %s\nfolder          %s\nembedding       %u values\npicture         %u x %u pixels, "
      "patches of %u\n"
      "context         %u tokens\nparameters      %.1f million\nweights         XXH3-128 %s\n",
      place.name.c_str(), place.folder.c_str(), info.dim, info.image_size, info.image_size, info.patch_size,
      info.context_length, static_cast<double>(info.parameters) / 1e6, info.hash.c_str());
  if (const auto* known = clip::find_registered(place.name))
    std::printf("licence         %s\nfrom            %s\n", known->licence.c_str(), known->source.id.c_str());
  if (const BundledModel* bundled = bundled_model(place.name))
    std::printf("\nIt %s.\n%s\n", bundled->knows, kHowToGetOne);
  return kDone;
}

}  // namespace elanus::cli
