// An open file descriptor that closes itself, and what is done with one.
#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <utility>

#include "base/result.h"

namespace elanus::io {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { close(); }
  int get() const { return fd_; }
  // False when the last write could not be stored after all; errno says why. A closed one is left as it is.
  bool close();

 private:
  int fd_;
};

// False with errno set.
bool write_all(int fd, std::span<const std::byte> bytes);

// Makes a rename in `folder` durable.
Result<void> sync_folder(const std::filesystem::path& folder);

// The folder that `path` is in, "." for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& path);

}  // namespace elanus::io
