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
double floor_seconds(const clip::Work& work, clip::Precision precision, const ops::MachineLimits& limits) {
  const double layers = work.flops - work.attention_flops;
  switch (precision) {
    case clip::Precision::exact:
      break;
    case clip::Precision::fast:
      return std::max(layers / limits.w10a16_ops + work.attention_flops / limits.flops,
                      work.weight_bytes / 2 / limits.read_bytes);
    case clip::Precision::turbo:
      return std::max(layers / limits.w7a8_ops + work.attention_flops / limits.flops,
                      work.weight_bytes / 2 / limits.read_bytes);
  }
  return std::max(work.flops / limits.flops, work.weight_bytes / limits.read_bytes);
}

// One line of the report: `work` took `seconds`.
struct Line {
  std::string what;
  clip::Precision precision;
  size_t batch;
  double seconds;
  clip::Work work;
};

json row(const Line& line, const ops::MachineLimits& limits) {
  const double floor = floor_seconds(line.work, line.precision, limits),
               batch = static_cast<double>(line.batch);
  return {{"precision", to_string(line.precision)},
          {"what", line.what},
          {"batch", line.batch},
          {"ms_each", 1000 * line.seconds / batch},
          {"per_second", batch / line.seconds},
          {"floor_ms_each", 1000 * floor / batch},
          {"of_floor", floor / line.seconds}};
}

// A burst is short, and what else the machine does may fall on it: of several in the course of a report the
// best counts.
Result<void> raise(ops::MachineLimits& limits, base::ThreadPool& pool) {
  const ops::MachineLimits now = TRY(ops::measure_machine(pool, ops::best_cpu_level()));
  limits.flops = std::max(limits.flops, now.flops);
  limits.w10a16_ops = std::max(limits.w10a16_ops, now.w10a16_ops);
  limits.w7a8_ops = std::max(limits.w7a8_ops, now.w7a8_ops);
  limits.read_bytes = std::max(limits.read_bytes, now.read_bytes);
  return {};
}

void print(const json& report) {
  const json& machine = report["machine"];
  const auto rate = [&](const char* name) { return machine[name].get<double>(); };
  std::printf(
      "machine   %s, %u threads: %.0f GFLOP/s multiply-add, %.0f and %.0f GOP/s in integers (fast, turbo), "
      "%.1f "
      "GB/s read\nmodel     %s\n",
      machine["kernels"].get<std::string>().c_str(), machine["threads"].get<unsigned>(), rate("gflops"),
      rate("fast_gops"), rate("turbo_gops"), rate("read_gb_s"), report["model"].get<std::string>().c_str());
  for (const json& c : report["classes"])
    std::printf("%-9s %.1f ms to a text tower that is ready, %.1f ms to both\n",
                c["precision"].get<std::string>().c_str(), c["start_text_ms"].get<double>(),
                c["start_ms"].get<double>());
  std::printf("\n%-6s %-22s %10s %10s %10s %9s\n", "", "", "ms each", "a second", "floor, ms", "of floor");
  for (const json& r : report["results"])
    std::printf("%-6s %-22s %10.2f %10.1f %10.2f %8.0f%%\n", r["precision"].get<std::string>().c_str(),
                r["what"].get<std::string>().c_str(), r["ms_each"].get<double>(),
                r["per_second"].get<double>(), r["floor_ms_each"].get<double>(),
                100 * r["of_floor"].get<double>());
  std::printf(
      "\nThe floor is the time that this machine's own multiply-add rates and memory bandwidth allow, the "
      "best of "
      "four bursts measured between these lines.\n");
}

// Adds how long a start of this class takes to `classes`.
Result<std::unique_ptr<clip::Clip>> started(const ModelPlace& place, clip::Precision precision,
                                            json& classes) {
  // Once before the clock: the first start of a model packs it.
  TRY(load_place(place, {.precision = precision}));
  auto begin = Clock::now();
  TRY(load_place(place, {.text_only = true, .precision = precision}));
  const double start_text = seconds_since(begin);
  begin = Clock::now();
  auto clip = TRY(load_place(place, {.precision = precision}));
  classes.push_back({{"precision", to_string(precision)},
                     {"start_text_ms", 1000 * start_text},
                     {"start_ms", 1000 * seconds_since(begin)}});
  return clip;
}

Result<void> measure(const clip::Clip& clip, double seconds, std::vector<Line>& lines) {
  const clip::Precision precision = clip.info().precision;
  const std::string query = kQuery;
  const auto first = TRY(clip.embed_texts(std::span(&query, 1)));
  const double text = median_seconds(seconds, [&] { (void)clip.embed_texts(std::span(&query, 1)); });
  lines.push_back({"text of " + counted(first[0].tokens, "token"), precision, 1, text,
                   clip.work_per_text(first[0].tokens)});
  const size_t side = clip.info().image_size;
  for (const size_t batch : {size_t{1}, size_t{8}, size_t{32}}) {
    const std::vector<clip::PreparedImage> pictures(batch, {std::vector<uint8_t>(side * side * 3, 99)});
    std::vector<float> vectors(batch * clip.info().dim);
    const double time = median_seconds(seconds, [&] { (void)clip.embed_images(pictures, vectors); });
    clip::Work work = clip.work_per_picture();
    work.flops *= static_cast<double>(batch);
    work.attention_flops *= static_cast<double>(batch);
    lines.push_back({batch == 1 ? "picture" : "pictures, " + std::to_string(batch) + " together", precision,
                     batch, time, work});
  }
  return {};
}

}  // namespace

int run(const BenchOptions& options) {
  base::ThreadPool pool;
  ops::MachineLimits limits;
  const ModelPlace place = TRY_OR_FAIL(find_model(options.model.empty() ? default_model() : options.model));
  json results = json::array(), classes = json::array();
  std::vector<Line> lines;
  std::string name;
  for (const auto precision : {clip::Precision::exact, clip::Precision::fast, clip::Precision::turbo}) {
    const auto clip = TRY_OR_FAIL(started(place, precision, classes));
    TRY_OR_FAIL(raise(limits, pool));
    TRY_OR_FAIL(measure(*clip, options.seconds, lines));
    name = clip->info().name;
  }
  TRY_OR_FAIL(raise(limits, pool));
  for (const Line& line : lines) results.push_back(row(line, limits));
  const json report{{"machine",
                     {{"kernels", ops::to_string(ops::best_cpu_level())},
                      {"threads", pool.size()},
                      {"gflops", limits.flops / 1e9},
                      {"fast_gops", limits.w10a16_ops / 1e9},
                      {"turbo_gops", limits.w7a8_ops / 1e9},
                      {"read_gb_s", limits.read_bytes / 1e9}}},
                    {"model", name},
                    {"classes", classes},
                    {"results", results}};
  if (options.json)
    print_json(report);
  else
    print(report);
  return kDone;
}

}  // namespace elanus::cli
