// export and import: the collection's vectors to and from plain files that other programs read.
#include <nlohmann/json.hpp>

#include <algorithm>

#include "cli/commands.h"
#include "cli/main.h"
#include "cli/places.h"
#include "cli/stop_signal.h"
#include "cli/terminal.h"
#include "cli/upkeep.h"
#include "ingest/walk.h"
#include "io/csv.h"
#include "io/file.h"
#include "io/npy.h"

namespace elanus::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBatch = 1000;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin - (end > begin && text[end - 1] == '\r')));
    begin = end + 1;
  }
  return lines;
}

// Who made the vectors: a model that is here is named with its weights, any other by name only.
Result<store::ModelId> maker(const std::string& name) {
  if (name.empty()) return store::ModelId{"imported", ""};
  const auto place = find_model(name);
  if (!place.ok()) return store::ModelId{name, ""};
  const auto clip = TRY(clip::Clip::load(place->folder, {.text_only = true}));
  return store::ModelId{clip->info().name, clip->info().hash};
}

Result<uint64_t> import_rows(store::Collection& collection, const io::Matrix& matrix,
                             const std::vector<std::string>& names, const fs::path& root) {
  std::vector<store::Item> items;
  for (size_t row = 0; row < matrix.rows; ++row) {
    store::Item item;
    item.vector = std::span(matrix.values).subspan(row * matrix.columns, matrix.columns);
    item.picture.path = ingest::stored_path(root / names[row]);
    if (const auto file = ingest::stat_file(item.picture.path); file.ok()) item.picture.size = file->size;
    items.push_back(std::move(item));
    if (items.size() == kBatch || row + 1 == matrix.rows) {
      TRY(base::within("rows " + std::to_string(row + 1 - items.size()) + " to " + std::to_string(row),
                       collection.upsert(items)));
      items.clear();
    }
  }
  return collection.count();
}

}  // namespace

int run(const ImportOptions& options) {
  const StopSignal stop;
  const io::Matrix matrix = TRY_OR_FAIL(io::read_npy(options.vectors));
  const auto names = lines_of(TRY_OR_FAIL(io::read_text(options.names, size_t{1} << 32)));
  if (names.size() != matrix.rows)
    return fail({ErrorKind::invalid_argument, options.vectors + " has " + counted(matrix.rows, "row") + ", but " +
                                                  options.names + " has " + counted(names.size(), "name") +
                                                  "; expected one name for each row"});
  const store::ModelId model = TRY_OR_FAIL(maker(options.where.model));
  const auto dim = static_cast<uint32_t>(std::min<size_t>(matrix.columns, UINT32_MAX));
  const auto collection = TRY_OR_FAIL(TRY_OR_FAIL(store_exists(options.where.store))
                                          ? open_store(options.where.store, true)
                                          : create_store(options.where.store, {dim, store::Metric::cosine, model}));
  const store::Schema& schema = collection->schema();
  if (schema.dim != dim)
    return fail({ErrorKind::mismatch, "the collection holds vectors of " + std::to_string(schema.dim) + " values, " +
                                          options.vectors + " has " + std::to_string(dim)});
  if (schema.model != model)
    return fail({ErrorKind::mismatch, "the collection's vectors are by '" + schema.model.name + "', these by '" +
                                          model.name + "'; say --model " + schema.model.name + " if it made these too"});
  const fs::path root = options.root.empty() ? fs::path(options.names).parent_path() : fs::path(options.root);
  TRY_OR_FAIL(choose_index(*collection, options.index));
  const uint64_t count = TRY_OR_FAIL(import_rows(*collection, matrix, names, root));
  settle(*collection, stop.token());
  say(counted(matrix.rows, "vector") + " imported; the collection holds " + counted(count, "picture"));
  return kDone;
}

int run(const ExportOptions& options) {
  if (options.vectors.empty() && options.names.empty() && options.csv.empty())
    return fail({ErrorKind::invalid_argument, "nothing to write: give --vectors FILE.npy, --names FILE.txt or --csv FILE.csv"});
  const auto collection = TRY_OR_FAIL(open_store(options.where.store, false));
  io::Matrix matrix{0, collection->schema().dim, {}};
  std::string names, csv = "id,path,label,size,width,height,content_hash,attributes\n";
  std::vector<int64_t> ids;
  Result<void> outcome;
  const auto add_vectors = [&]() -> Result<void> {
    const auto values = TRY(collection->vectors(ids));
    matrix.values.insert(matrix.values.end(), values.begin(), values.end());
    matrix.rows += ids.size();
    ids.clear();
    return {};
  };
  TRY_OR_FAIL(collection->for_each([&](const store::Record& record) {
    const store::Picture& picture = record.picture;
    if (!options.names.empty()) {
      if (picture.path.find('\n') != std::string::npos)
        outcome = Error(ErrorKind::unsupported, "the path " + printable(picture.path) +
                                                    " has a line break, which a list of names cannot hold; use --csv");
      names += picture.path + '\n';
    }
    if (!options.csv.empty())
      csv += std::to_string(record.id) + ',' + io::csv_cell(picture.path) + ',' + io::csv_cell(picture.label) + ',' +
             std::to_string(picture.size) + ',' + std::to_string(picture.width) + ',' + std::to_string(picture.height) +
             ',' + picture.content_hash + ',' + io::csv_cell(picture.attributes) + '\n';
    if (!options.vectors.empty()) ids.push_back(record.id);
    if (ids.size() == kBatch && outcome.ok()) outcome = add_vectors();
    return outcome.ok();
  }));
  TRY_OR_FAIL(std::move(outcome));
  TRY_OR_FAIL(add_vectors());
  if (!options.vectors.empty()) TRY_OR_FAIL(io::write_npy(options.vectors, matrix));
  if (!options.names.empty()) TRY_OR_FAIL(io::write_text_atomic(options.names, names));
  if (!options.csv.empty()) TRY_OR_FAIL(io::write_text_atomic(options.csv, csv));
  say(counted(TRY_OR_FAIL(collection->count()), "record") + " exported");
  return kDone;
}

}  // namespace elanus::cli
