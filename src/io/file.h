// io: bytes from and to disk. Whole files read with a bound, mapped read-only, replaced atomically; CSV,
// JSON, NPY and safetensors readers that trust nothing.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace elanus::io {

// The whole regular file. too_large when it has more than max_bytes; invalid_argument for a directory, FIFO,
// device.
Result<std::vector<std::byte>> read_file(const std::filesystem::path& path, size_t max_bytes);

// The same as text (no check of its encoding).
Result<std::string> read_text(const std::filesystem::path& path, size_t max_bytes);

// Replaces `path` so that a crash at any moment leaves the old content or the new one, never a mixture:
// temporary file in the same folder, fsync, rename, fsync of the folder.
Result<void> write_file_atomic(const std::filesystem::path& path, std::span<const std::byte> bytes);
Result<void> write_text_atomic(const std::filesystem::path& path, std::string_view text);

// A regular file mapped read-only for as long as the object lives. An empty file gives an empty span.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::filesystem::path& path);
  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();
  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  MappedFile(const std::byte* data, size_t size) : data_(data), size_(size) {}
  const std::byte* data_ = nullptr;
  size_t size_ = 0;
};

// XXH3-128 in 32 lower-case hex digits: names content, protects against no attacker.
std::string content_hash(std::span<const std::byte> bytes);

// XXH3-64: finds damage, protects against no attacker.
uint64_t checksum(std::span<const std::byte> bytes);

}  // namespace elanus::io
