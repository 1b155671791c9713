// One process at a time.
#pragma once
#include <filesystem>

#include "base/result.h"
#include "io/descriptor.h"

namespace elanus::io {

// Held until the object or its process ends.
class FileLock {
 public:
  // Makes `path` if need be. busy when another holder has it.
  static Result<FileLock> acquire(const std::filesystem::path& path);

 private:
  explicit FileLock(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace elanus::io
