#include "io/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace elanus::io {

Result<FileLock> FileLock::acquire(const std::filesystem::path& path) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (file.get() < 0) return base::errno_error("cannot open " + path.string(), errno);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
    return Error(ErrorKind::busy, path.string() + " is in use by another process");
  return FileLock(std::move(file));
}

}  // namespace elanus::io
