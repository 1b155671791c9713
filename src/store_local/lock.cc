#include "store_local/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <utility>

namespace elanus::store_local {
namespace {

// "process 123 on host (command line)"
std::string this_process() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host = {"this host"};
  std::string command(160, '\0');
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  file.read(command.data(), static_cast<std::streamsize>(command.size()));
  command.resize(static_cast<size_t>(file.gcount()));
  while (!command.empty() && command.back() == '\0') command.pop_back();
  for (char& c : command)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  return "process " + std::to_string(::getpid()) + " on " + host.data() +
         (command.empty() ? "" : " (" + command + ")");
}

std::string holder(int fd) {
  std::string text(512, '\0');
  const ssize_t size = ::pread(fd, text.data(), text.size(), 0);
  text.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return text.empty() ? "another process" : text;
}

// Whether `file` still leads to what fd has open: a drop may have removed it in between.
bool still_there(int fd, const std::filesystem::path& file) {
  struct stat opened {
  }, named{};
  return ::fstat(fd, &opened) == 0 && ::stat(file.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

}  // namespace

Result<WriterLock> WriterLock::acquire(const std::filesystem::path& file, const std::string& folder) {
  while (true) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) return base::errno_error("cannot open the lock " + file.string(), errno);
    WriterLock lock(fd);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno != EWOULDBLOCK) return base::errno_error("cannot lock " + file.string(), errno);
      return Error(ErrorKind::busy,
                   folder + " is being written by " + holder(fd) + ": wait until it has ended, or stop it");
    }
    if (!still_there(fd, file)) continue;
    const std::string name = this_process();
    // Only words for others: the lock holds without them.
    if (::ftruncate(fd, 0) == 0) static_cast<void>(!::pwrite(fd, name.data(), name.size(), 0));
    return lock;
  }
}

WriterLock::WriterLock(WriterLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

WriterLock::~WriterLock() {
  if (fd_ < 0) return;
  static_cast<void>(!::ftruncate(fd_, 0));
  ::flock(fd_, LOCK_UN);  // a forked child may keep the descriptor open
  ::close(fd_);
}

}  // namespace elanus::store_local
