#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/main.h"
#include "cli/pictures.h"
#include "cli/places.h"
#include "cli/sheet.h"
#include "cli/terminal.h"
#include "ingest/walk.h"
#include "io/file.h"
#include "io/npy.h"
#include "search/search.h"
#include "store/effort.h"

namespace elanus::cli {
namespace {

constexpr size_t kMaxFile = size_t{1} << 30;

// FILE.npy or FILE.npy:ROW; the first row when none is named.
Result<std::vector<float>> read_vector(const std::string& spec) {
  std::string file = spec;
  size_t row = 0;
  const size_t colon = spec.rfind(':');
  if (colon != std::string::npos) {
    const char* end = spec.data() + spec.size();
    const auto [stop, error] = std::from_chars(spec.data() + colon + 1, end, row);
    if (error == std::errc() && stop == end) file = spec.substr(0, colon);
  }
  const io::Matrix matrix = TRY(io::read_npy(file));
  if (row >= matrix.rows)
    return Error(ErrorKind::invalid_argument,
                 file + " has " + counted(matrix.rows, "row") + ", numbered from 0; there is no row " + std::to_string(row));
  const auto* first = matrix.values.data() + row * matrix.columns;
  return std::vector<float>(first, first + matrix.columns);
}

// A path that leads to something from here is meant from here; any other, wherever it stands in a path.
Result<store::Filter> picture_filter(search::PictureFilter wanted) {
  for (std::string& path : wanted.paths) {
    std::error_code error;
    if (std::filesystem::exists(path, error)) path = ingest::stored_path(path);
  }
  return search::to_filter(wanted);
}

struct Asked {
  std::string query;  // as the user would say it
  search::Answer answer;
};

Result<Asked> ask(const SearchOptions& options, const store::Collection& collection) {
  const store::SearchParams params{options.top, TRY(picture_filter(options.filter)),
                                   TRY(store::parse_effort(options.effort))};
  if (!options.vector.empty()) {
    const auto vector = TRY(read_vector(options.vector));
    search::Answer answer;
    answer.hits = TRY(collection.search(vector, params));
    return Asked{options.vector, std::move(answer)};
  }
  clip::LoadOptions load;
  load.precision = TRY(clip::parse_precision(options.where.precision));
  load.text_only = options.image.empty();
  const auto clip = TRY(load_model(options.where.model, &collection.schema(), load));
  if (!options.image.empty()) {
    const auto bytes = TRY(io::read_file(options.image, kMaxFile));
    return Asked{options.image, TRY(search::search_image(collection, *clip, bytes, options.image, params))};
  }
  std::string words;
  for (const auto& word : options.words) words += (words.empty() ? "" : " ") + word;
  return Asked{words, TRY(search::search_text(collection, *clip, words, params))};
}

Result<void> print(const SearchOptions& options, const Asked& asked, double ms) {
  if (options.json) {
    nlohmann::json hits = nlohmann::json::array();
    for (const auto& hit : asked.answer.hits) {
      nlohmann::json entry{{"id", hit.id}, {"cosine", hit.cosine}};
      add_path(entry, hit.picture.path);
      if (hit.picture.width) entry["width"] = hit.picture.width;
      if (hit.picture.height) entry["height"] = hit.picture.height;
      if (!hit.picture.label.empty()) entry["label"] = hit.picture.label;
      if (!hit.picture.camera.empty()) entry["camera"] = hit.picture.camera;
      hits.push_back(std::move(entry));
    }
    print_json({{"query", asked.query}, {"took_ms", ms}, {"truncated", asked.answer.truncated}, {"hits", hits}});
  } else if (options.nul || options.paths_only) {
    for (const auto& hit : asked.answer.hits) {
      std::fwrite(hit.picture.path.data(), 1, hit.picture.path.size(), stdout);
      std::fputc(options.nul ? '\0' : '\n', stdout);
    }
  } else if (options.pictures) {
    TRY(print_pictures(asked.answer.hits));
  } else {
    for (const auto& hit : asked.answer.hits)
      std::printf("%.3f\t%s\n", static_cast<double>(hit.cosine), printable(hit.picture.path).c_str());
  }
  return {};
}

}  // namespace

int run(const SearchOptions& options) {
  const int ways = !options.words.empty() + !options.image.empty() + !options.vector.empty();
  if (ways != 1)
    return fail({ErrorKind::invalid_argument, "say what to find in exactly one way: words, --image FILE or --vector FILE.npy"});
  const auto begin = std::chrono::steady_clock::now();
  const auto collection = TRY_OR_FAIL(open_store(options.where.store, false));
  const uint64_t pictures = TRY_OR_FAIL(collection->count());
  if (pictures == 0) {
    if (options.json) print_json({{"query", ""}, {"took_ms", 0}, {"hits", nlohmann::json::array()}});
    say("the collection is empty; put pictures in with: elanus index FOLDER");
    return kIncomplete;
  }
  const Asked asked = TRY_OR_FAIL(ask(options, *collection));
  const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  if (asked.answer.truncated)
    say("note: the query is longer than the model reads (" + std::to_string(asked.answer.tokens) +
        " tokens); its end was left out");
  TRY_OR_FAIL(print(options, asked, ms));
  if (asked.answer.hits.empty()) say("of the " + counted(pictures, "picture") + " none passes the filter");
  if (!options.sheet.empty() && !asked.answer.hits.empty())
    TRY_OR_FAIL(write_contact_sheet(asked.answer.hits, options.sheet));
  return asked.answer.hits.empty() ? kIncomplete : kDone;
}

}  // namespace elanus::cli
