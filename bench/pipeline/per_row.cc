// What a row costs in a pipeline when its operators cost nothing: eight stages over numbers, over rows with a
// path and a vector, and on two threads; beside the loop that a person would write. Results are compared
// before a time is printed.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <numeric>

#include "pipeline/pipeline.h"

namespace {

using namespace elanus::pipeline;
using Clock = std::chrono::steady_clock;

constexpr int kStages = 8, kRepeats = 7;
const auto add = [](int n) { return n + 1; };
const auto scale = [](const std::vector<float>& v) { return v.empty() ? v : std::vector<float>{v[0] + 1}; };

long long loop(const std::vector<int>& numbers) {
  long long total = 0;
  for (int n : numbers) {
    for (int stage = 0; stage < kStages; ++stage) n = add(n);
    total += n;
  }
  return total;
}

long long eight_stages(const std::vector<int>& numbers, unsigned workers) {
  long long total = 0;
  const auto report = from<"n">(std::span(numbers))
                          .parallel(workers)
                          .map<"n", "n">(add)
                          .map<"n", "n">(add)
                          .map<"n", "n">(add)
                          .map<"n", "n">(add)
                          .map<"n", "n">(add)
                          .map<"n", "n">(add)
                          .map<"n", "n">(add)
                          .map<"n", "n">(add)
                          .for_each<"n">([&](int n) { total += n; });
  return report.ok() ? total : -1;
}

// Each stage adds a column, and a row carries a path and a vector of 512 values with it.
long long growing_rows(const std::vector<int>& numbers) {
  long long total = 0;
  const std::string path = "pictures/holiday/2026/beach-0001.jpg";
  const auto report = from<"a">(std::span(numbers))
                          .map<"a", "path">([&](int) { return path; })
                          .map<"a", "vec">([](int) { return std::vector<float>(512); })
                          .map<"a", "b">(add)
                          .map<"b", "c">(add)
                          .map<"c", "d">(add)
                          .map<"d", "e">(add)
                          .map<"e", "f">(add)
                          .map<"f", "g">(add)
                          .for_each<"path", "vec", "g">(
                              [&](const std::string&, const std::vector<float>&, int n) { total += n; });
  return report.ok() ? total + 2 * static_cast<long long>(numbers.size()) : -1;
}

// What the two allocations of a growing row cost without a pipeline.
long long allocations(const std::vector<int>& numbers) {
  long long total = 0;
  const std::string path = "pictures/holiday/2026/beach-0001.jpg";
  for (int n : numbers) {
    std::string copy = path;
    std::vector<float> vector(512);
    asm volatile("" : : "r"(copy.data()), "r"(vector.data()) : "memory");
    total += n + kStages;
  }
  return total;
}

template <class Work>
double nanoseconds_per_row(const std::vector<int>& numbers, const Work& work) {
  const long long want = loop(numbers);
  std::vector<double> times;
  for (int i = 0; i < kRepeats; ++i) {
    const auto begin = Clock::now();
    const long long got = work(numbers);
    times.push_back(std::chrono::duration<double, std::nano>(Clock::now() - begin).count());
    if (got != want) {
      std::fprintf(stderr, "expected %lld, got %lld\n", want, got);
      std::exit(1);
    }
  }
  std::nth_element(times.begin(), times.begin() + kRepeats / 2, times.end());
  return times[kRepeats / 2] / static_cast<double>(numbers.size());
}

}  // namespace

int main() {
  std::vector<int> many(1'000'000), some(100'000);
  std::iota(many.begin(), many.end(), 0);
  std::iota(some.begin(), some.end(), 0);
  const double numbers = nanoseconds_per_row(many, [](const auto& n) { return eight_stages(n, 1); });
  const double growing = nanoseconds_per_row(some, growing_rows);
  const double bare = nanoseconds_per_row(some, allocations);
  const double handed = nanoseconds_per_row(some, [](const auto& n) { return eight_stages(n, 2); });
  const double call = nanoseconds_per_row({1}, [](const auto& n) { return eight_stages(n, 1); });
  std::printf("ns per row and stage, medians of %d, %d map stages and the end\n", kRepeats, kStages);
  std::printf("numbers                         %8.1f\n", numbers / (kStages + 1));
  std::printf("a path and a vector, 9 columns  %8.1f   (their two allocations taken off)\n",
              (growing - bare) / (kStages + 1));
  std::printf("numbers, parallel(2)            %8.1f   (a hand-over between threads each)\n",
              handed / (kStages + 1));
  std::printf("a pipeline of one row, whole    %8.0f ns\n", call);
}
