#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/main.h"
#include "cli/places.h"
#include "cli/terminal.h"
#include "io/file.h"
#include "io/npy.h"
#include "search/search.h"

namespace elanus::cli {
namespace {

Result<std::vector<float>> embed(const clip::Clip& clip, const EmbedOptions::Input& input, bool exact) {
  if (!input.is_image) {
    auto texts = TRY(clip.embed_texts(std::span(&input.value, 1)));
    if (texts[0].truncated) say("note: a text is longer than the model reads; its end was left out");
    return std::move(texts[0].vector);
  }
  const auto bytes = TRY(io::read_file(input.value, size_t{1} << 30));
  return base::within(input.value, search::embed_picture(clip, bytes, exact));
}

}  // namespace

int run(const EmbedOptions& options) {
  if (options.inputs.empty())
    return fail({ErrorKind::invalid_argument, "nothing to embed: give --text WORDS or --image FILE, as often as you like"});
  clip::LoadOptions load;
  load.precision = TRY_OR_FAIL(clip::parse_precision(options.precision));
  load.text_only = true;
  for (const auto& input : options.inputs) load.text_only = load.text_only && !input.is_image;
  const auto clip = TRY_OR_FAIL(load_model(options.model, nullptr, load));
  io::Matrix matrix{options.inputs.size(), clip->info().dim, {}};
  for (const auto& input : options.inputs) {
    const auto vector = TRY_OR_FAIL(embed(*clip, input, options.exact));
    matrix.values.insert(matrix.values.end(), vector.begin(), vector.end());
  }
  if (!options.out.empty()) TRY_OR_FAIL(io::write_npy(options.out, matrix));
  if (options.out.empty() || options.json) {
    nlohmann::json rows = nlohmann::json::array();
    for (size_t row = 0; row < matrix.rows; ++row) {
      const float* first = matrix.values.data() + row * matrix.columns;
      nlohmann::json entry{{"vector", std::vector<float>(first, first + matrix.columns)}};
      entry[options.inputs[row].is_image ? "image" : "text"] = options.inputs[row].value;
      rows.push_back(std::move(entry));
    }
    print_json({{"model", clip->info().name}, {"dim", matrix.columns}, {"embeddings", rows}});
  }
  return kDone;
}

}  // namespace elanus::cli
