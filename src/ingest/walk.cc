#include "ingest/walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <set>
#include <span>
#include <utility>

#include "image/image.h"

namespace elanus::ingest {
namespace {

namespace fs = std::filesystem;

constexpr std::array kSuffixes = {".jpg",  ".jpeg", ".jpe",  ".jfif", ".png", ".webp", ".gif", ".bmp", ".dib", ".tif",
                                  ".tiff", ".pnm",  ".ppm",  ".pgm",  ".pbm", ".heic", ".heif", ".avif", ".jp2", ".jxl"};

bool has_picture_suffix(std::string_view name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  std::string suffix(name.substr(dot));
  for (char& c : suffix)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return std::find(kSuffixes.begin(), kSuffixes.end(), suffix) != kSuffixes.end();
}

bool begins_like_picture(const std::string& path) {
  // O_NONBLOCK: a FIFO that slipped in after stat must not hang us.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return false;
  std::array<std::byte, 64> head;
  const ssize_t got = ::read(fd, head.data(), head.size());
  ::close(fd);
  return got > 0 && image::sniff(std::span(head).first(static_cast<size_t>(got))).ok();
}

FoundFile found(std::string path, const struct stat& info) {
  return {std::move(path), info.st_size, info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec};
}

class Walker {
 public:
  Walker(const WalkOptions& options, WalkResult& result) : options_(options), result_(result) {}

  void folder(const std::string& path, const struct stat& info) {
    if (!visited_.insert({info.st_dev, info.st_ino}).second) return;
    const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(path.c_str()), ::closedir);
    if (!dir) return problem(path, errno);
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(dir.get())) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != ".." && (options_.include_hidden || name[0] != '.')) names.emplace_back(name);
    }
    if (errno != 0) problem(path, errno);
    std::sort(names.begin(), names.end(), natural_less);
    for (const auto& name : names) entry(path == "/" ? path + name : path + '/' + name, name);
  }

 private:
  void entry(const std::string& path, const std::string& name) {
    struct stat info;
    if (::stat(path.c_str(), &info) != 0) {
      // A dangling link is nothing to report unless it looks like a picture.
      if (has_picture_suffix(name)) problem(path, errno);
    } else if (S_ISDIR(info.st_mode)) {
      const auto& excluded = options_.exclude_dirs;
      if (std::find(excluded.begin(), excluded.end(), name) == excluded.end()) folder(path, info);
    } else if (S_ISREG(info.st_mode) && (has_picture_suffix(name) || begins_like_picture(path))) {
      result_.files.push_back(found(path, info));
    }
  }

  void problem(const std::string& path, int code) {
    result_.problems.push_back({path, base::errno_error("cannot read it", code).message()});
  }

  const WalkOptions& options_;
  WalkResult& result_;
  std::set<std::pair<dev_t, ino_t>> visited_;
};

size_t digits_at(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return end - at;
}

std::string_view without_zeros(std::string_view digits) {
  const size_t first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? std::string_view() : digits.substr(first);
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    const size_t m = digits_at(a, i), n = digits_at(b, j);
    if (m != 0 && n != 0) {
      const auto x = without_zeros(a.substr(i, m)), y = without_zeros(b.substr(j, n));
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
      i += m;
      j += n;
    } else {
      const auto x = static_cast<unsigned char>(a[i]), y = static_cast<unsigned char>(b[j]);
      if (x != y) return x < y;
      ++i;
      ++j;
    }
  }
  if (i == a.size() && j == b.size()) return a < b;
  return i == a.size();
}

std::string stored_path(const fs::path& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  std::string text = (error ? path : absolute).lexically_normal().native();
  if (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

Result<FoundFile> stat_file(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return base::errno_error("cannot read " + path, errno);
  if (!S_ISREG(info.st_mode)) return Error(ErrorKind::invalid_argument, path + " is not a file");
  return found(path, info);
}

Result<WalkResult> walk(const fs::path& root, const WalkOptions& options) {
  const std::string path = stored_path(root);
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return base::errno_error("cannot read " + path, errno);
  WalkResult result;
  if (S_ISDIR(info.st_mode)) {
    Walker(options, result).folder(path, info);
  } else if (S_ISREG(info.st_mode)) {
    result.files.push_back(found(path, info));
  } else {
    return Error(ErrorKind::invalid_argument, path + " is neither a folder nor a file");
  }
  return result;
}

}  // namespace elanus::ingest
