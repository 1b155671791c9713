#include "cli/terminal.h"

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/main.h"
#include "io/path_json.h"

namespace elanus::cli {

void say(const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); }

int fail(const Error& error) {
  say("elanus: " + error.message());
  if (error.kind() == ErrorKind::cancelled) return kInterrupted;
  return error.kind() == ErrorKind::invalid_argument ? kWrongCall : kFailed;
}

void print_json(const nlohmann::json& document) {
  const std::string text = io::to_text(document, true);
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
}

std::string counted(uint64_t n, const std::string& noun) {
  std::string digits = std::to_string(n);
  for (size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits + " " + noun + (n == 1 ? "" : "s");
}

std::string duration_words(double seconds) {
  if (!(seconds >= 0) || seconds > 1e8) return "?";
  const auto whole = static_cast<uint64_t>(std::ceil(seconds));
  const std::string s = std::to_string(whole % 60) + "s";
  if (whole < 60) return s;
  const std::string m = std::to_string(whole / 60 % 60) + "m ";
  return whole < 3600 ? m + s : std::to_string(whole / 3600) + "h " + m + s;
}

ProgressLine::ProgressLine(std::string verb) : verb_(std::move(verb)), terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void ProgressLine::show(uint64_t done, uint64_t total, uint64_t failed) {
  const auto now = Clock::now();
  if (now - last_ < (terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(10'000))) return;
  last_ = now;
  const double seconds = std::chrono::duration<double>(now - begin_).count();
  const double rate = static_cast<double>(done) / seconds;
  char rate_text[32];
  std::snprintf(rate_text, sizeof rate_text, "%.*f/s", rate < 10 ? 1 : 0, rate);
  std::string line = verb_ + " " + std::to_string(done) + " of " + std::to_string(total) + ", " + rate_text + ", " +
                     duration_words(static_cast<double>(total - done) / rate) + " left";
  if (failed) line += ", " + std::to_string(failed) + " failed";
  if (terminal_) {
    std::fprintf(stderr, "\r%s\x1b[K", line.c_str());
    std::fflush(stderr);
    drawn_ = true;
  } else {
    say(line);
  }
}

}  // namespace elanus::cli
