#include <chrono>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/main.h"
#include "cli/places.h"
#include "cli/stop_signal.h"
#include "cli/terminal.h"
#include "store/copy.h"

namespace elanus::cli {

int run(const CopyOptions& options) {
  const StopSignal stop;
  const auto begin = std::chrono::steady_clock::now();
  const auto source = TRY_OR_FAIL(store_shown(options.from)), destination = TRY_OR_FAIL(store_shown(options.to));
  if (source == destination)
    return fail({ErrorKind::invalid_argument, "the source and the destination are both " + printable(source)});
  const auto from = TRY_OR_FAIL(open_store(options.from, false, stop.token()));
  const auto to = TRY_OR_FAIL(TRY_OR_FAIL(store_exists(options.to)) ? open_store(options.to, true, stop.token())
                                                                    : create_store(options.to, from->schema(), stop.token()));
  store::CopyOptions work;
  work.replace = options.replace;
  work.stop = stop.token();
  const auto copied = [&] {
    ProgressLine line("copied");
    work.progress = [&](uint64_t done, uint64_t total) { line.show(done, total, 0); };
    return store::copy(*from, *to, work);
  }();
  const store::CopyReport report = TRY_OR_FAIL(copied);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (options.json)
    print_json({{"total", report.total},
                {"copied", report.copied},
                {"there", report.there},
                {"stopped", report.stopped},
                {"seconds", seconds}});
  else
    say(counted(report.copied, "picture") + " copied to " + printable(destination) +
        (report.there ? ", " + std::to_string(report.there) + " were there already" : "") + " (" + duration_words(seconds) + ")");
  if (!report.stopped) return kDone;
  say("stopped; the same command goes on from here");
  return kInterrupted;
}

}  // namespace elanus::cli
