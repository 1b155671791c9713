#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/thread_pool.h"
#include "cli/commands.h"
#include "cli/main.h"
#include "cli/places.h"
#include "cli/terminal.h"
#include "ops/cpu.h"
#include "ops/machine.h"

namespace elanus::cli {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr const char* kQuery = "a white dog on a beach";

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// The median of as many runs as fit into `seconds`, at least five, after one that does not count.
template <class Run>
double median_seconds(double seconds, const Run& run) {
  run();
  std::vector<double> times;
  for (const auto begin = Clock::now(); times.size() < 5 || seconds_since(begin) < seconds;) {
    const auto start = Clock::now();
    run();
    times.push_back(seconds_since(start));
  }
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

// The best time that this machine allows: it must compute all and read all weights.
double floor_seconds(const clip::Work& work, const ops::MachineLimits& limits) {
  return std::max(work.flops / limits.flops, work.weight_bytes / limits.read_bytes);
}

json row(const std::string& what, size_t batch, double seconds, double floor) {
  return {{"what", what},
          {"batch", batch},
          {"ms_each", 1000 * seconds / static_cast<double>(batch)},
          {"per_second", static_cast<double>(batch) / seconds},
          {"floor_ms_each", 1000 * floor / static_cast<double>(batch)},
          {"of_floor", floor / seconds}};
}

void print(const json& report) {
  const json& machine = report["machine"];
  std::printf(
      "machine   %s, %u threads: %.0f GFLOP/s multiply-add, %.1f GB/s read\nmodel     %s, %s weights\n"
      "start     %.1f ms to a text tower that is ready, %.1f ms to both\n\n%-22s %10s %10s %10s %9s\n",
      machine["kernels"].get<std::string>().c_str(), machine["threads"].get<unsigned>(),
      machine["gflops"].get<double>(), machine["read_gb_s"].get<double>(),
      report["model"].get<std::string>().c_str(), report["class"].get<std::string>().c_str(),
      report["start_text_ms"].get<double>(), report["start_ms"].get<double>(), "", "ms each", "a second",
      "floor, ms", "of floor");
  for (const json& r : report["results"])
    std::printf("%-22s %10.2f %10.1f %10.2f %8.0f%%\n", r["what"].get<std::string>().c_str(),
                r["ms_each"].get<double>(), r["per_second"].get<double>(), r["floor_ms_each"].get<double>(),
                100 * r["of_floor"].get<double>());
  std::printf(
      "\nThe floor is the time that this machine's own multiply-add rate and memory bandwidth allow, as "
      "measured now.\n");
}

}  // namespace

int run(const BenchOptions& options) {
  base::ThreadPool pool;
  const ops::MachineLimits limits = TRY_OR_FAIL(ops::measure_machine(pool, ops::best_cpu_level()));
  const ModelPlace place = TRY_OR_FAIL(find_model(options.model.empty() ? kDemoModel : options.model));
  // Once before the clock: the first start of a model packs it.
  TRY_OR_FAIL(load_place(place));
  auto begin = Clock::now();
  TRY_OR_FAIL(load_place(place, {.text_only = true}));
  const double start_text = seconds_since(begin);
  begin = Clock::now();
  const auto clip = TRY_OR_FAIL(load_place(place));
  const double start = seconds_since(begin);

  json results = json::array();
  const std::string query = kQuery;
  const auto first = TRY_OR_FAIL(clip->embed_texts(std::span(&query, 1)));
  const double text = median_seconds(options.seconds, [&] { (void)clip->embed_texts(std::span(&query, 1)); });
  results.push_back(row("text of " + counted(first[0].tokens, "token"), 1, text,
                        floor_seconds(clip->work_per_text(first[0].tokens), limits)));
  const size_t side = clip->info().image_size;
  for (const size_t batch : {size_t{1}, size_t{8}, size_t{32}}) {
    const std::vector<clip::PreparedImage> pictures(batch, {std::vector<uint8_t>(side * side * 3, 99)});
    std::vector<float> vectors(batch * clip->info().dim);
    const double time = median_seconds(options.seconds, [&] { (void)clip->embed_images(pictures, vectors); });
    clip::Work work = clip->work_per_picture();
    work.flops *= static_cast<double>(batch);
    results.push_back(row(batch == 1 ? "picture" : "pictures, " + std::to_string(batch) + " together", batch,
                          time, floor_seconds(work, limits)));
  }
  const json report{{"machine",
                     {{"kernels", ops::to_string(ops::best_cpu_level())},
                      {"threads", pool.size()},
                      {"gflops", limits.flops / 1e9},
                      {"read_gb_s", limits.read_bytes / 1e9}}},
                    {"model", clip->info().name},
                    {"class", "exact (f16)"},
                    {"start_text_ms", 1000 * start_text},
                    {"start_ms", 1000 * start},
                    {"results", results}};
  if (options.json)
    print_json(report);
  else
    print(report);
  return kDone;
}

}  // namespace elanus::cli
