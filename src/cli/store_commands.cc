#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/main.h"
#include "cli/places.h"
#include "cli/terminal.h"
#include "store/metric.h"

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

}  // namespace

int run(const StatusOptions& options) {
  const auto folder = TRY_OR_FAIL(store_folder(options.where.store));
  const auto collection = TRY_OR_FAIL(open_store(options.where.store, false));
  const store::Schema& schema = collection->schema();
  const store_local::Stats stats = TRY_OR_FAIL(collection->stats());
  if (options.json) {
    nlohmann::json document{{"pictures", stats.records},
                            {"dim", schema.dim},
                            {"metric", store::to_string(schema.metric)},
                            {"model", {{"name", schema.model.name}, {"hash", schema.model.hash}}},
                            {"format", stats.format},
                            {"database_bytes", stats.database_bytes},
                            {"index_bytes", stats.index_bytes},
                            {"index_rows", stats.index_rows},
                            {"coded_rows", stats.coded_rows},
                            {"dead_slots", stats.dead_slots}};
    add_path(document, folder.native());
    print_json(document);
    return kDone;
  }
  std::printf("collection  %s\npictures    %s\nmodel       %s%s\nvectors     %u values, compared by %s\n"
              "on disk     %s records and vectors, %s search index (rebuilt when missing), format %lld\n",
              printable(folder.native()).c_str(), counted(stats.records, "picture").c_str(), schema.model.name.c_str(),
              schema.model.hash.empty() ? " (imported vectors)" : "", schema.dim, store::to_string(schema.metric),
              size_words(stats.database_bytes).c_str(), size_words(stats.index_bytes).c_str(),
              static_cast<long long>(stats.format));
  if (stats.coded_rows > 0)
    std::printf("search      by codes of %u bits (%s), the rest compared one by one\n", schema.dim,
                counted(stats.coded_rows, "vector").c_str());
  else
    std::printf("search      compares every vector\n");
  return kDone;
}

int run(const DropOptions& options) {
  const auto folder = TRY_OR_FAIL(store_folder(options.where.store));
  if (!options.yes) {
    if (::isatty(STDIN_FILENO) != 1)
      return fail({ErrorKind::invalid_argument, "this deletes the collection " + printable(folder.native()) + "; say --yes to do it"});
    const auto collection = TRY_OR_FAIL(open_store(options.where.store, false));
    const uint64_t pictures = TRY_OR_FAIL(collection->count());
    if (!confirmed("Delete the collection " + printable(folder.native()) + " (" + counted(pictures, "picture") +
                   "; the picture files stay)?")) {
      say("nothing was deleted");
      return kIncomplete;
    }
  }
  TRY_OR_FAIL(store_local::LocalCollection::drop(folder));
  say("the collection " + printable(folder.native()) + " is deleted; the pictures are where they were");
  return kDone;
}

}  // namespace elanus::cli
