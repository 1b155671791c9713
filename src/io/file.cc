#include "io/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <atomic>
#include <cerrno>
#include <utility>

#include "io/descriptor.h"

namespace elanus::io {
namespace fs = std::filesystem;

namespace {

struct OpenFile {
  Descriptor descriptor;
  size_t size;
};

// Without O_NONBLOCK the open of a FIFO would wait for a writer.
Result<OpenFile> open_regular(const fs::path& path) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) return base::errno_error("cannot open " + path.string(), errno);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return base::errno_error("cannot look at " + path.string(), errno);
  if (S_ISDIR(info.st_mode))
    return Error(ErrorKind::invalid_argument, path.string() + " is a folder, expected a file");
  if (!S_ISREG(info.st_mode))
    return Error(ErrorKind::invalid_argument, path.string() + " is a device or pipe, expected a file");
  return OpenFile{std::move(fd), static_cast<size_t>(info.st_size)};
}

// A file that shrinks while it is read gives what is there; one that grows, what was there.
template <class Bytes>
Result<Bytes> read_whole(const fs::path& path, size_t max_bytes) {
  const OpenFile file = TRY(open_regular(path));
  if (file.size > max_bytes)
    return Error(ErrorKind::too_large, path.string() + " has " + std::to_string(file.size) +
                                           " bytes, expected at most " + std::to_string(max_bytes));
  Bytes bytes;
  bytes.resize(file.size);
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::read(file.descriptor.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return base::errno_error("cannot read " + path.string(), errno);
    if (n == 0) break;
    done += static_cast<size_t>(n);
  }
  bytes.resize(done);
  return bytes;
}

// Unique among live processes and within this one; short, so that any name that fits beside it fits too.
fs::path temporary_beside(const fs::path& folder) {
  static std::atomic<unsigned> next{0};
  return folder / (".elanus-" + std::to_string(::getpid()) + "-" + std::to_string(next++) + ".tmp");
}

Result<void> replace(const fs::path& path, const fs::path& temporary, std::span<const std::byte> bytes) {
  // Left over from a killed process that had our id.
  ::unlink(temporary.c_str());
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.get() < 0) return base::errno_error("cannot write " + path.string(), errno);
  if (!write_all(file.get(), bytes) || ::fsync(file.get()) != 0 || !file.close() ||
      ::rename(temporary.c_str(), path.c_str()) != 0) {
    const int cause = errno;
    ::unlink(temporary.c_str());
    return base::errno_error("cannot write " + path.string(), cause);
  }
  return {};
}

}  // namespace

Result<std::vector<std::byte>> read_file(const fs::path& path, size_t max_bytes) {
  return read_whole<std::vector<std::byte>>(path, max_bytes);
}

Result<std::string> read_text(const fs::path& path, size_t max_bytes) {
  return read_whole<std::string>(path, max_bytes);
}

Result<void> write_file_atomic(const fs::path& path, std::span<const std::byte> bytes) {
  const fs::path folder = folder_of(path);
  TRY(replace(path, temporary_beside(folder), bytes));
  return sync_folder(folder);
}

Result<void> write_text_atomic(const fs::path& path, std::string_view text) {
  return write_file_atomic(path, std::as_bytes(std::span(text)));
}

Result<MappedFile> MappedFile::open(const fs::path& path) {
  const OpenFile file = TRY(open_regular(path));
  if (file.size == 0) return MappedFile();
  void* data = ::mmap(nullptr, file.size, PROT_READ, MAP_PRIVATE, file.descriptor.get(), 0);
  if (data == MAP_FAILED) return base::errno_error("cannot map " + path.string(), errno);
  return MappedFile(static_cast<const std::byte*>(data), file.size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}

std::string content_hash(std::span<const std::byte> bytes) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
  static constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : canonical.digest) {
    hex += digits[byte >> 4];
    hex += digits[byte & 15];
  }
  return hex;
}

uint64_t checksum(std::span<const std::byte> bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace elanus::io
