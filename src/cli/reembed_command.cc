// reembed: the collection's pictures by another model, while the old one serves.
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/commands.h"
#include "cli/main.h"
#include "cli/places.h"
#include "cli/stop_signal.h"
#include "cli/terminal.h"
#include "ingest/embed_files.h"
#include "store_local/reembed.h"

namespace elanus::cli {
namespace {

using store_local::Reembedding;

// Somebody else may be writing: a batch waits for its turn.
template <class Write>
auto in_turn(const Write& write, const StopSignal& stop) {
  auto outcome = write();
  bool told = false;
  while (!outcome.ok() && outcome.error().kind() == ErrorKind::busy && !stop.token().stop_requested()) {
    if (!std::exchange(told, true)) say("waiting: " + outcome.error().message());
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    outcome = write();
  }
  return outcome;
}

// Until nothing is left, or the user stops it. The pictures that could not be read.
Result<std::vector<ingest::Failure>> embed_all(Reembedding& work, const clip::Clip& clip, const ReembedOptions& options,
                                               const StopSignal& stop) {
  base::ThreadPool pool;
  ingest::Options reading;
  reading.exact = options.exact;
  std::vector<ingest::Failure> failures;
  ProgressLine line("embedded by " + clip.info().name);
  while (!stop.token().stop_requested()) {
    const auto waiting = TRY(work.next(options.batch));
    if (waiting.empty()) break;
    std::vector<std::string> paths;
    for (const auto& one : waiting) paths.push_back(one.picture.path);
    auto done = TRY(ingest::embed_files(clip, paths, reading, pool));
    for (auto& failure : done.failures) failures.push_back(std::move(failure));
    std::vector<int64_t> slots;
    for (const size_t i : done.which) slots.push_back(waiting[i].slot);
    TRY(in_turn([&] { return work.put(slots, done.vectors); }, stop));
    line.show(work.embedded(), work.total(), failures.size());
  }
  return failures;
}

}  // namespace

int run(const ReembedOptions& options) {
  const StopSignal stop;
  const auto folder = TRY_OR_FAIL(store_folder(options.where.store));
  const auto schema = TRY_OR_FAIL(open_store(options.where.store, false))->schema();
  const auto clip = TRY_OR_FAIL(load_model(options.where.model, nullptr));
  const clip::ModelInfo& model = clip->info();
  if (options.restart) TRY_OR_FAIL(in_turn([&] { return Reembedding::abandon(folder); }, stop));
  const auto work = TRY_OR_FAIL(in_turn([&] { return Reembedding::begin(folder, {model.name, model.hash}, model.dim); }, stop));
  if (work->embedded() > 0) say(counted(work->embedded(), "picture") + " were embedded before; going on from there");
  const auto failures = TRY_OR_FAIL(embed_all(*work, *clip, options, stop));
  for (const auto& failure : failures) say("  unreadable " + printable(failure.path) + ": " + failure.reason);
  const bool stopped = stop.token().stop_requested();
  uint64_t rest = 0;
  if (!stopped)
    rest = TRY_OR_FAIL(in_turn([&] { return work->finish(options.drop_unreadable); }, stop));
  const bool switched = !stopped && rest == 0;
  if (options.json) {
    print_json({{"model", model.name}, {"embedded", work->embedded()}, {"unreadable", failures.size()}, {"left", rest},
                {"switched", switched}, {"stopped", stopped}});
  } else if (switched) {
    say("searches are by " + model.name + " from now on; a server that has the collection open wants to be started again");
  } else {
    say(schema.model.name + " goes on serving. " +
        (stopped ? std::string("The same command goes on from here")
                 : counted(rest, "picture") + " could not be embedded: bring the files back and run the same command, or "
                                              "--drop-unreadable to part with them"));
  }
  if (stopped) return kInterrupted;
  return switched && failures.empty() ? kDone : kIncomplete;
}

}  // namespace elanus::cli
