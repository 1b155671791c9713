// Where pictures that were sent over HTTP are kept: files of our own naming in one folder beside the
// collection, then indexed like any other.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace elanus::server {

// Thread-safety: any method, any thread.
class Uploads {
 public:
  explicit Uploads(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Keeps the bytes, durably, as <hash of them>-<size>.<suffix of their format>. The same bytes again are the
  // same file. unsupported: they are no picture.
  Result<std::filesystem::path> keep(std::string_view bytes) const;

  // True for a file that keep() made.
  bool owns(const std::filesystem::path& path) const { return path.parent_path() == folder_; }

 private:
  const std::filesystem::path folder_;
};

}  // namespace elanus::server
