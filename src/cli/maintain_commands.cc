// compact, backup, merge, doctor: what a collection needs once in a while.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/main.h"
#include "cli/places.h"
#include "cli/stop_signal.h"
#include "cli/terminal.h"
#include "cli/upkeep.h"
#include "store/merge.h"
#include "store_local/doctor.h"
#include "store_local/maintenance.h"

namespace elanus::cli {

int run(const CompactOptions& options) {
  const auto folder = TRY_OR_FAIL(store_folder(options.where.store));
  const StopSignal stop("stopping; nothing is lost");
  const auto compacted = [&] {
    ProgressLine line("records written, each twice");
    return store_local::compact(folder, [&](uint64_t done, uint64_t all) {
      line.show(done, all, 0);
      return !stop.token().stop_requested();
    });
  }();
  const auto report = TRY_OR_FAIL(compacted);
  settle(*TRY_OR_FAIL(open_store(options.where.store, true)), stop.token());
  if (options.json) {
    print_json({{"pictures", report.records},
                {"freed_slots", report.dead_slots},
                {"bytes_before", report.bytes_before},
                {"bytes_after", report.bytes_after}});
  } else {
    say(counted(report.records, "picture") + "; the room of " + counted(report.dead_slots, "old record") +
        " is free again: " + std::to_string(report.bytes_before >> 20) + " MiB before, " +
        std::to_string(report.bytes_after >> 20) + " MiB now");
  }
  return kDone;
}

int run(const BackupOptions& options) {
  const StopSignal stop;
  const auto folder = TRY_OR_FAIL(store_folder(options.where.store));
  const auto to = TRY_OR_FAIL(store_folder(options.to));
  const auto copied = [&] {
    ProgressLine line("pages copied");
    return store_local::backup(folder, to, [&](uint64_t done, uint64_t all) {
      line.show(done, all, 0);
      return !stop.token().stop_requested();
    });
  }();
  const auto report = TRY_OR_FAIL(copied);
  if (options.json) {
    nlohmann::json document{{"pictures", report.records}, {"bytes", report.bytes}};
    add_path(document, to.native());
    print_json(document);
  } else {
    say(counted(report.records, "picture") + " copied to " + printable(to.native()) + " and checked; use it with --store " +
        printable(to.native()));
  }
  return kDone;
}

int run(const MergeOptions& options) {
  const StopSignal stop;
  const auto from = TRY_OR_FAIL(open_store(options.from, false));
  const auto into = TRY_OR_FAIL(open_store(options.into, true));
  const uint64_t all = TRY_OR_FAIL(from->count());
  const auto merged = [&] {
    ProgressLine line("merged");
    return store::merge(*from, *into, [&](uint64_t done) {
      line.show(done, all, 0);
      return !stop.token().stop_requested();
    });
  }();
  const auto report = TRY_OR_FAIL(merged);
  settle(*into, stop.token());
  const uint64_t pictures = TRY_OR_FAIL(into->count());
  if (options.json)
    print_json({{"added", report.added}, {"replaced", report.replaced}, {"kept", report.kept}, {"pictures", pictures}});
  else
    say(counted(report.added, "picture") + " added, " + std::to_string(report.replaced) + " replaced by a later file, " +
        std::to_string(report.kept) + " kept as they were; the collection holds " + counted(pictures, "picture"));
  return kDone;
}

int run(const DoctorOptions& options) {
  const auto folder = TRY_OR_FAIL(store_folder(options.where.store));
  const auto diagnosis = TRY_OR_FAIL(store_local::examine(folder, options.repair));
  if (options.json) {
    nlohmann::json findings = nlohmann::json::array();
    for (const auto& finding : diagnosis.findings)
      findings.push_back({{"file", finding.file}, {"state", to_string(finding.state)}, {"what", finding.what}});
    nlohmann::json document{{"sound", diagnosis.sound()}, {"pictures", diagnosis.records}, {"findings", findings}};
    add_path(document, folder.native());
    print_json(document);
  } else {
    for (const auto& finding : diagnosis.findings)
      std::printf("%-11s %-16s %s\n", to_string(finding.state), finding.file.c_str(), printable(finding.what).c_str());
    std::printf("%s can be read\n", counted(diagnosis.records, "picture").c_str());
    if (!diagnosis.sound() && !options.repair) say("mend it with: elanus doctor --repair");
  }
  return diagnosis.sound() ? kDone : kIncomplete;
}

}  // namespace elanus::cli
