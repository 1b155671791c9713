// What one durable write costs on the disk that is measured, and how many bytes a process wrote.
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "bench/measure.h"

namespace elanus::bench {

// What the disk takes for bytes that are written and synced at once: at the end of a file, or over 16 MiB
// that are there.
class Disk {
 public:
  Disk(const std::filesystem::path& path, bool over)
      : path_(path), fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)), over_(over) {
    if (over && (::pwrite(fd_, std::string(kThere, 'x').data(), kThere, 0) < 0 || ::fsync(fd_) != 0))
      std::perror(path.c_str());
  }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  ~Disk() {
    ::close(fd_);
    std::filesystem::remove(path_);
  }

  double write(const std::string& bytes) {
    if (over_ && at_ + bytes.size() > kThere) at_ = 0;
    const double time = seconds([&] {
      if (::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at_)) < 0 || ::fdatasync(fd_) != 0)
        std::perror(path_.c_str());
    });
    at_ += bytes.size();
    return time;
  }

 private:
  static constexpr size_t kThere = size_t{1} << 24;
  const std::filesystem::path path_;
  const int fd_;
  const bool over_;
  size_t at_ = 0;
};

// By this process since it began.
inline size_t bytes_written() {
  std::ifstream io("/proc/self/io");
  std::string name;
  size_t bytes = 0;
  while (io >> name >> bytes && name != "wchar:") {
  }
  return bytes;
}

}  // namespace elanus::bench
