#include "ingest/missing.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>

namespace elanus::ingest {
namespace {

namespace fs = std::filesystem;

bool is_below(const std::string& path, const std::string& root) {
  return path == root || root == "/" ||
         (path.size() > root.size() && path[root.size()] == '/' && path.compare(0, root.size(), root) == 0);
}

// The nearest folder above `path` that exists, if there is nothing at all in it; else empty.
std::string empty_folder_above(const fs::path& path) {
  for (fs::path folder = path.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) continue;
    return fs::is_empty(folder, error) || error ? folder.native() : std::string();
  }
  return {};
}

}  // namespace

bool is_gone(const std::string& path) {
  struct stat info;
  return ::lstat(path.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

Result<Missing> find_missing(const store::Collection& collection, const std::vector<std::string>& roots,
                             const std::unordered_set<std::string>& seen) {
  Missing missing;
  std::map<std::string, uint64_t> kept;
  TRY(collection.for_each([&](const store::Record& record) {
    const std::string& path = record.picture.path;
    const bool below = std::any_of(roots.begin(), roots.end(), [&](const auto& root) { return is_below(path, root); });
    if (!below || seen.contains(path) || !is_gone(path)) return true;
    const std::string empty = empty_folder_above(path);
    if (empty.empty())
      missing.gone.push_back(record.id);
    else
      ++kept[empty];
    return true;
  }));
  for (const auto& [folder, count] : kept)
    missing.notices.push_back(folder + " is empty, as an unplugged drive leaves it; the " + std::to_string(count) +
                              " pictures stored from there are kept");
  return missing;
}

Result<Missing> find_unlisted(const store::Collection& collection, const std::string& csv,
                              const std::unordered_set<std::string>& named,
                              const std::unordered_set<std::string>& seen) {
  Missing missing;
  uint64_t kept = 0;
  TRY(collection.for_each([&](const store::Record& record) {
    const store::Picture& picture = record.picture;
    if (picture.root != csv || named.contains(picture.path) || seen.contains(picture.path)) return true;
    if (named.empty())
      ++kept;
    else
      missing.gone.push_back(record.id);
    return true;
  }));
  if (kept > 0)
    missing.notices.push_back(csv + " names no pictures; the " + std::to_string(kept) + " stored from it are kept");
  return missing;
}

}  // namespace elanus::ingest
