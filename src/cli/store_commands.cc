#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/main.h"
#include "cli/milvus.h"
#include "cli/places.h"
#include "cli/terminal.h"
#include "store/metric.h"
#include "store_local/local_collection.h"

namespace elanus::cli {
namespace {

std::string size_words(uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MiB", static_cast<double>(bytes) / (1 << 20));
  return text;
}

bool confirmed(const std::string& question) {
  std::fprintf(stderr, "%s [y/N] ", question.c_str());
  std::string answer;
  return std::getline(std::cin, answer) && (answer == "y" || answer == "Y" || answer == "yes");
}

// What only one kind of store has to tell.
struct Facts {
  nlohmann::json json = nlohmann::json::object();
  std::string lines;
};

std::string search_words(const store_local::Stats& stats, uint32_t dim) {
  using Kind = store_local::IndexSpec::Kind;
  const std::string lists = std::to_string(stats.lists) + " lists (" + counted(stats.listed_rows, "vector") + ")";
  if (stats.index.kind == Kind::flat) return "compares every vector";
  if (stats.lists > 0 && stats.index.kind == Kind::ivf_flat)
    return "compares the vectors of " + std::to_string(stats.index.nprobe) + " of " + lists + ", and those that are in none";
  if (stats.lists > 0) return "in the promising ones of " + lists + ", by codes of " + std::to_string(dim) + " bits";
  if (stats.coded_rows == 0) return "compares every vector";
  return "by codes of " + std::to_string(dim) + " bits (" + counted(stats.coded_rows, "vector") + "), the rest compared one by one";
}

Result<Facts> facts_of(const store::Collection& collection) {
  Facts facts;
  if (const auto* local = dynamic_cast<const store_local::LocalCollection*>(&collection)) {
    const store_local::Stats stats = TRY(local->stats());
    facts.json = {{"format", stats.format},
                  {"database_bytes", stats.database_bytes},
                  {"index_bytes", stats.index_bytes},
                  {"index_rows", stats.index_rows},
                  {"coded_rows", stats.coded_rows},
                  {"dead_slots", stats.dead_slots}};
    facts.json["index"] = to_string(stats.index);
    facts.json["lists"] = stats.lists;
    facts.json["listed_rows"] = stats.listed_rows;
    if (stats.next)
      facts.json["next_model"] = {{"name", stats.next->model.name}, {"hash", stats.next->model.hash}, {"embedded", stats.next->embedded}};
    facts.lines = "search      " + search_words(stats, collection.schema().dim) + " (" + to_string(stats.index) + ")\non disk     " +
                  size_words(stats.database_bytes) + " records and vectors, " + size_words(stats.index_bytes) +
                  " search index (rebuilt when missing), format " + std::to_string(stats.format) + "\n";
    if (stats.next)
      facts.lines += "next model  " + stats.next->model.name + ", " + std::to_string(stats.next->embedded) + " of " +
                     counted(stats.records, "picture") + " embedded (elanus reembed goes on)\n";
    return facts;
  }
  for (const auto& [name, value] : TRY(milvus::facts(collection))) {
    facts.json[name] = value;
    facts.lines += name + std::string(name.size() < 12 ? 12 - name.size() : 1, ' ') + value + "\n";
  }
  return facts;
}

}  // namespace

int run(const StatusOptions& options) {
  const auto place = TRY_OR_FAIL(store_shown(options.where.store));
  const auto collection = TRY_OR_FAIL(open_store(options.where.store, false));
  const store::Schema& schema = collection->schema();
  const uint64_t pictures = TRY_OR_FAIL(collection->count());
  const auto facts = TRY_OR_FAIL(facts_of(*collection));
  if (options.json) {
    nlohmann::json document{{"pictures", pictures},
                            {"dim", schema.dim},
                            {"metric", store::to_string(schema.metric)},
                            {"model", {{"name", schema.model.name}, {"hash", schema.model.hash}}}};
    document.update(facts.json);
    add_path(document, place);
    print_json(document);
    return kDone;
  }
  std::printf("collection  %s\npictures    %s\nmodel       %s%s\nvectors     %u values, compared by %s\n%s",
              printable(place).c_str(), counted(pictures, "picture").c_str(), schema.model.name.c_str(),
              schema.model.hash.empty() ? " (imported vectors)" : "", schema.dim, store::to_string(schema.metric),
              facts.lines.c_str());
  return kDone;
}

int run(const DropOptions& options) {
  const auto place = TRY_OR_FAIL(store_shown(options.where.store));
  if (!options.yes) {
    if (::isatty(STDIN_FILENO) != 1)
      return fail({ErrorKind::invalid_argument, "this deletes the collection " + printable(place) + "; say --yes to do it"});
    const auto collection = TRY_OR_FAIL(open_store(options.where.store, false));
    const uint64_t pictures = TRY_OR_FAIL(collection->count());
    if (!confirmed("Delete the collection " + printable(place) + " (" + counted(pictures, "picture") +
                   "; the picture files stay)?")) {
      say("nothing was deleted");
      return kIncomplete;
    }
  }
  TRY_OR_FAIL(drop_store(options.where.store));
  say("the collection " + printable(place) + " is deleted; the pictures are where they were");
  return kDone;
}

}  // namespace elanus::cli
