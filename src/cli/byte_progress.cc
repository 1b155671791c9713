#include "cli/byte_progress.h"

#include <unistd.h>

#include <cstdio>

#include "cli/terminal.h"

namespace elanus::cli {

std::string bytes_words(uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 999.5 && unit + 1 < std::size(kUnits)) value /= 1000, ++unit;
  char text[32];
  std::snprintf(text, sizeof text, "%.*f %s",
                unit == 0 || value >= 100 ? 0
                : value >= 10             ? 1
                                          : 2,
                value, kUnits[unit]);
  return text;
}

ByteProgress::ByteProgress() : terminal_(::isatty(STDERR_FILENO) == 1) {}

ByteProgress::~ByteProgress() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void ByteProgress::show(const std::string& what, uint64_t done, uint64_t total) {
  const auto now = Clock::now();
  if (!begun_) {
    begun_ = true;
    first_ = done;
    begin_ = last_ = now;
  }
  if (now - last_ < (terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(10'000))) return;
  last_ = now;
  const double rate =
      static_cast<double>(done - first_) / std::chrono::duration<double>(now - begin_).count();
  std::string line = what + ": " + bytes_words(done);
  if (total > 0) line += " of " + bytes_words(total);
  line += ", " + bytes_words(static_cast<uint64_t>(rate)) + "/s";
  if (total >= done && rate > 0)
    line += ", " + duration_words(static_cast<double>(total - done) / rate) + " left";
  if (!terminal_) return say(line);
  std::fprintf(stderr, "\r%s\x1b[K", line.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace elanus::cli
