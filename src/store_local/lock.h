// One writer at a time, and everybody can see who it is.
#pragma once
#include <filesystem>
#include <string>

#include "base/result.h"

namespace elanus::store_local {

// Held from acquire to the end of the object or of the process, however the process ends: the kernel lets go
// of it. Not inherited through exec; a fork shares it.
class WriterLock {
 public:
  // busy, with process, host and command of the holder, when somebody else (also in this process) has it.
  // `folder` is what messages call the locked thing.
  static Result<WriterLock> acquire(const std::filesystem::path& file, const std::string& folder);
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&&) = delete;
  ~WriterLock();

 private:
  explicit WriterLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace elanus::store_local
