// Finding pictures in folders: recursive, in natural order ("img2" before "img10"), safe against symbolic-link loops.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace elanus::ingest {

struct WalkOptions {
  std::vector<std::string> exclude_dirs = {".git", ".elanus", "node_modules", "@eaDir", "System Volume Information"};
  bool include_hidden = false;  // names that begin with a dot
};

struct FoundFile {
  std::string path;  // absolute, lexically normal, the bytes that the file system has
  int64_t size = 0;  // bytes
  int64_t mtime_ns = 0;
};

struct WalkProblem {
  std::string path;
  std::string reason;
};

struct WalkResult {
  std::vector<FoundFile> files;       // each once, in natural order of their paths
  std::vector<WalkProblem> problems;  // folders and links that could not be read
};

// All pictures at or below `root` (a folder or one file). A file counts as a picture when its suffix says so or, with
// any other suffix, when its first bytes do; a file named by `root` itself always counts. Folders reached twice, by
// links, are read once. not_found or permission when `root` itself cannot be read.
Result<WalkResult> walk(const std::filesystem::path& root, const WalkOptions& options);

// Digit runs compare as numbers, everything else as bytes; a total order ("a01" and "a1" differ).
bool natural_less(std::string_view a, std::string_view b);

// Absolute and lexically normal, links kept: the form in which collections hold paths.
std::string stored_path(const std::filesystem::path& path);

// Size and time of a regular file, links followed.
Result<FoundFile> stat_file(const std::string& path);

}  // namespace elanus::ingest
