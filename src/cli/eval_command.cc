#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/main.h"
#include "cli/places.h"
#include "cli/stop_signal.h"
#include "cli/terminal.h"
#include "io/csv.h"
#include "io/npy.h"
#include "search/evaluate.h"
#include "store/effort.h"

namespace elanus::cli {
namespace {

Result<std::vector<search::Caption>> read_captions(const std::string& path) {
  io::Csv table = TRY(io::read_csv(path));
  const auto image = table.column("image"), caption = table.column("caption");
  if (!image || !caption)
    return Error(ErrorKind::invalid_argument, path + ": expected the columns 'image' and 'caption'");
  std::vector<search::Caption> captions;
  for (auto& row : table.rows) captions.push_back({std::move(row[*image]), std::move(row[*caption])});
  if (captions.empty()) return Error(ErrorKind::invalid_argument, path + ": there are no captions in it");
  return captions;
}

}  // namespace

int run(const EvalOptions& options) {
  const StopSignal stop;
  const store::Effort effort = TRY_OR_FAIL(store::parse_effort(options.effort));
  auto captions = TRY_OR_FAIL(read_captions(options.csv));
  const auto collection = TRY_OR_FAIL(open_store(options.where.store, false));
  io::Matrix queries;
  std::unique_ptr<clip::Clip> clip;
  if (options.queries.empty()) {
    const auto precision = TRY_OR_FAIL(clip::parse_precision(options.where.precision));
    clip = TRY_OR_FAIL(
        load_model(options.where.model, &collection->schema(), {.text_only = true, .precision = precision}));
  } else {
    queries = TRY_OR_FAIL(io::read_npy(options.queries));
    if (queries.rows < captions.size() && queries.columns == collection->schema().dim) {
      say("note: " + options.queries + " has " + counted(queries.rows, "row") + " for " +
          counted(captions.size(), "caption") + "; only the first " + std::to_string(queries.rows) + " are asked");
      captions.resize(queries.rows);
    }
  }
  const auto evaluated = [&] {
    ProgressLine line("asked");
    return search::evaluate(*collection, captions, queries.values, clip.get(), effort, stop.token(),
                            [&](uint64_t done) { line.show(done, captions.size(), 0); });
  }();
  const search::Evaluation result = TRY_OR_FAIL(evaluated);
  const double chance = result.pictures ? 1.0 / static_cast<double>(result.pictures) : 0;
  const double chance10 = std::min(1.0, 10 * chance);
  if (options.json) {
    print_json({{"queries", result.queries},
                {"pictures", result.pictures},
                {"recall@1", result.recall_at_1},
                {"recall@5", result.recall_at_5},
                {"recall@10", result.recall_at_10},
                {"median_rank", result.median_rank},
                {"effort", options.effort},
                {"queries_per_second", result.queries_per_second},
                {"chance@1", chance},
                {"chance@10", chance10},
                {"top_ids", result.top_ids},
                {"ranks", result.ranks}});
  } else {
    std::printf("%s over %s\n", counted(result.queries, "caption").c_str(), counted(result.pictures, "picture").c_str());
    std::printf("recall@1   %.3f  (chance %.3f)\n", result.recall_at_1, chance);
    std::printf("recall@5   %.3f\n", result.recall_at_5);
    std::printf("recall@10  %.3f  (chance %.3f)\n", result.recall_at_10, chance10);
    std::printf("median rank %.1f, %.0f queries/s\n", result.median_rank, result.queries_per_second);
  }
  return kDone;
}

}  // namespace elanus::cli
