#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/main.h"
#include "cli/places.h"
#include "cli/stop_signal.h"
#include "cli/terminal.h"
#include "cli/upkeep.h"
#include "ingest/ingest.h"
#include "ingest/walk.h"

namespace elanus::cli {
namespace {

nlohmann::json to_json(const ingest::Report& report, uint64_t pictures, double seconds) {
  nlohmann::json failures = nlohmann::json::array();
  for (const auto& failure : report.failures) {
    nlohmann::json entry{{"reason", failure.reason}, {"kind", base::to_string(failure.kind)}};
    add_path(entry, failure.path);
    failures.push_back(std::move(entry));
  }
  return {{"found", report.found},     {"unchanged", report.unchanged}, {"added", report.added},
          {"changed", report.changed}, {"copied", report.copied},       {"moved", report.moved},
          {"updated", report.updated}, {"removed", report.removed},     {"failed", report.failures.size()},
          {"failures", failures},      {"notices", report.notices},     {"stopped", report.stopped},
          {"pictures", pictures},      {"seconds", seconds}};
}

void say_report(const ingest::Report& report, uint64_t pictures, double seconds) {
  for (const auto& failure : report.failures) say("  skipped " + printable(failure.path) + ": " + failure.reason);
  for (const auto& notice : report.notices) say("  note: " + notice);
  std::string line = counted(report.found, "picture file") + ":";
  const auto part = [&](uint64_t n, const char* what) {
    if (n) line += " " + std::to_string(n) + " " + what + ",";
  };
  part(report.added, "new");
  part(report.changed, "changed");
  part(report.copied, "copies");
  part(report.moved, "moved");
  part(report.updated, "touched");
  part(report.unchanged, "unchanged");
  part(report.failures.size(), "failed");
  part(report.removed, "removed");
  line.back() = line.back() == ',' ? ';' : line.back();
  say(line + " the collection holds " + counted(pictures, "picture") + " (" + duration_words(seconds) + ")");
  if (report.stopped) say("stopped; the same command goes on from here");
}

}  // namespace

int run(const IndexOptions& asked) {
  IndexOptions options = asked;
  if (options.portable) {
    if (options.paths.size() != 1 || !options.csv.empty() || !options.where.store.empty())
      return fail({ErrorKind::invalid_argument,
                   "--portable keeps the collection in one folder of pictures: elanus index FOLDER --portable"});
    options.where.store = (std::filesystem::path(ingest::stored_path(options.paths[0])) / ".elanus").native();
  }
  if (options.paths.empty() && options.csv.empty())
    return fail({ErrorKind::invalid_argument, "name a folder, a file, or a CSV: elanus index FOLDER"});
  const StopSignal stop;
  const auto begin = std::chrono::steady_clock::now();
  const auto clip = TRY_OR_FAIL(load_model_for_writing(options.where));
  const auto collection = TRY_OR_FAIL(open_or_create_store(
      options.where.store, *clip, options.portable ? store_local::Paths::portable : store_local::Paths::absolute));
  TRY_OR_FAIL(choose_index(*collection, options.index));
  if (const BundledModel* bundled = bundled_model(clip->info().name))
    say(std::string("model: ") + bundled->name + ", which " + bundled->knows + ".\n" + kHowToGetOne);

  ingest::Options work;
  work.roots.assign(options.paths.begin(), options.paths.end());
  if (!options.csv.empty()) work.csv = options.csv;
  for (const auto& name : options.exclude_dirs) work.walk.exclude_dirs.push_back(name);
  work.walk.include_hidden = options.include_hidden;
  work.exact = options.exact;
  work.remove_missing = !options.keep_missing;
  work.max_pixels = static_cast<uint64_t>(options.max_megapixels * 1e6);
  work.batch = options.batch;
  work.stop = stop.token();
  Result<ingest::Report> ingested = [&] {
    ProgressLine line("indexed");
    work.progress = [&](const ingest::Progress& p) { line.show(p.done, p.total, p.failed); };
    return ingest::ingest(*collection, *clip, work);
  }();
  const ingest::Report report = TRY_OR_FAIL(std::move(ingested));
  settle(*collection, stop.token());
  const uint64_t pictures = TRY_OR_FAIL(collection->count());
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (options.json)
    print_json(to_json(report, pictures, seconds));
  else
    say_report(report, pictures, seconds);
  if (report.stopped) return kInterrupted;
  return report.failures.empty() ? kDone : kIncomplete;
}

}  // namespace elanus::cli
