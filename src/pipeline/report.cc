#include "pipeline/report.h"

#include <algorithm>
#include <cstdio>

namespace elanus::pipeline {
namespace {

std::string line(const std::string& name, size_t width, const std::string& in, const std::string& out,
                 const std::string& failed, const std::string& seconds, const std::string& each) {
  const auto right = [](const std::string& text, size_t n) {
    return std::string(n > text.size() ? n - text.size() : 0, ' ') + text;
  };
  return name + std::string(width - name.size(), ' ') + right(in, 10) + right(out, 10) + right(failed, 8) +
         right(seconds, 10) + right(each, 12) + "\n";
}

std::string fixed(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

}  // namespace

std::string to_text(const Report& report) {
  size_t width = 5;
  for (const auto& stage : report.stages) width = std::max(width, stage.stage.size());
  std::string text = line("stage", width, "in", "out", "failed", "seconds", "ms/row");
  for (const auto& stage : report.stages) {
    const bool timed = stage.seconds > 0 && stage.rows_in > 0;
    text += line(stage.stage, width, std::to_string(stage.rows_in), std::to_string(stage.rows_out),
                 std::to_string(stage.failed), timed ? fixed(stage.seconds) : "",
                 timed ? fixed(1e3 * stage.seconds / static_cast<double>(stage.rows_in)) : "");
  }
  text += std::to_string(report.rows) + " rows in " + fixed(report.seconds) + " s";
  if (report.failed) text += ", " + std::to_string(report.failed) + " failed";
  if (report.stopped) text += ", stopped";
  text += "\n";
  for (const auto& failure : report.failures)
    text +=
        "row " + std::to_string(failure.row) + " (" + failure.stage + "): " + failure.error.message() + "\n";
  if (report.failed > report.failures.size())
    text += "and " + std::to_string(report.failed - report.failures.size()) + " more\n";
  return text;
}

}  // namespace elanus::pipeline
