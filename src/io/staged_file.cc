#include "io/staged_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace elanus::io {
namespace fs = std::filesystem;

namespace {

// True when `path` still names the open file: its last writer may have renamed it before we had its lock.
bool is_named(const Descriptor& file, const fs::path& path) {
  struct stat open {
  }, named{};
  return ::fstat(file.get(), &open) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

}  // namespace

Result<StagedFile> StagedFile::create(const fs::path& path) {
  StagedFile staged(Descriptor(-1), path);
  const fs::path temporary = staged.temporary();
  Descriptor file(::open(temporary.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (file.get() < 0) return base::errno_error("cannot write " + path.string(), errno);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0 || !is_named(file, temporary))
    return Error(ErrorKind::busy, path.string() + " is being written by another process");
  if (::ftruncate(file.get(), 0) != 0) return base::errno_error("cannot write " + path.string(), errno);
  return StagedFile(std::move(file), path);
}

StagedFile::~StagedFile() {
  if (file_.get() >= 0) ::unlink(temporary().c_str());
}

Result<void> StagedFile::append(std::span<const std::byte> bytes) {
  if (!write_all(file_.get(), bytes)) return base::errno_error("cannot write " + path_.string(), errno);
  size_ += bytes.size();
  return {};
}

Result<void> StagedFile::overwrite(uint64_t at, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return base::errno_error("cannot write " + path_.string(), errno);
    bytes = bytes.subspan(static_cast<size_t>(n));
    at += static_cast<uint64_t>(n);
  }
  return {};
}

Result<void> StagedFile::commit() {
  if (::fsync(file_.get()) != 0 || ::rename(temporary().c_str(), path_.c_str()) != 0)
    return base::errno_error("cannot write " + path_.string(), errno);
  if (!file_.close()) return base::errno_error("cannot write " + path_.string(), errno);
  return sync_folder(folder_of(path_));
}

}  // namespace elanus::io
