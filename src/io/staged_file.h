// A file that is written piece by piece and takes its place only when it is whole.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "base/result.h"
#include "io/descriptor.h"

namespace elanus::io {

// Writes to `path`.tmp, one writer at a time among all processes. What a killed process left there is used
// again by the next one, so that at most one such file remains.
class StagedFile {
 public:
  // busy when somebody else is writing it.
  static Result<StagedFile> create(const std::filesystem::path& path);
  StagedFile(StagedFile&&) = default;
  StagedFile& operator=(StagedFile&&) = delete;
  // Removes what was not committed.
  ~StagedFile();

  Result<void> append(std::span<const std::byte> bytes);
  // Within what was appended.
  Result<void> overwrite(uint64_t at, std::span<const std::byte> bytes);
  uint64_t size() const { return size_; }

  // Durable under its own name; a crash at any moment leaves the old file or this one.
  Result<void> commit();

 private:
  StagedFile(Descriptor file, std::filesystem::path path) : file_(std::move(file)), path_(std::move(path)) {}
  std::filesystem::path temporary() const { return path_.native() + ".tmp"; }

  Descriptor file_;
  std::filesystem::path path_;
  uint64_t size_ = 0;
};

}  // namespace elanus::io
