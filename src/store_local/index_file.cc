#include "store_local/index_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "store_local/rows.h"

namespace elanus::store_local {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Result<void> write_at(int fd, std::span<const std::byte> bytes, size_t offset) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return base::errno_error("cannot write library.idx", errno);
    bytes = bytes.subspan(static_cast<size_t>(n));
    offset += static_cast<size_t>(n);
  }
  return {};
}

// Writes full segments from `after` on, at `offset`.
Result<void> write_segments(Connection& connection, const Identity& identity, const History& history,
                            uint32_t slots_each, int64_t after, int fd, size_t offset) {
  const uint32_t dim = identity.schema.dim;
  std::vector<int64_t> slots, ids;
  std::vector<uint16_t> values;
  for (; history.now().slot - after >= slots_each; after += slots_each) {
    slots.clear();
    ids.clear();
    values.clear();
    const int64_t last = after + slots_each;
    TRY(read_rows(connection, dim, after, last, [&](int64_t slot, int64_t id, std::span<const uint16_t> row) {
      slots.push_back(slot);
      ids.push_back(id);
      values.insert(values.end(), row.begin(), row.end());
    }));
    const Segment segment{after, last, history.now().dead, history.token(), slots, ids, values, {}, {}};
    const auto bytes = encode_segment(segment, dim);
    TRY(write_at(fd, bytes, offset));
    offset += bytes.size();
  }
  return {};
}

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

Result<void> append_segments(Connection& connection, const Files& files, const Identity& identity,
                             const History& history, const MappedIndex& index) {
  const Descriptor fd(::open(files.index.c_str(), O_WRONLY | O_CLOEXEC));
  struct stat info {};
  if (fd.get() < 0 || ::fstat(fd.get(), &info) != 0)
    return base::errno_error("cannot open library.idx", errno);
  const size_t end = index.file->bytes().size();
  // Somebody may have put a new one in its place; the next call looks at that.
  if (info.st_dev != index.device || info.st_ino != index.inode || static_cast<size_t>(info.st_size) != end)
    return {};
  return write_segments(connection, identity, history, index.image.header.slots_per_segment, index.covered(),
                        fd.get(), end);
}

Result<void> write_new(Connection& connection, const Files& files, const Identity& identity,
                       const History& history) {
  const std::string path = files.index.string() + ".new";
  const Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (fd.get() < 0) return base::errno_error("cannot open " + path, errno);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return base::errno_error("cannot lock " + path, errno);
  struct stat opened {
  }, named{};
  if (::fstat(fd.get(), &opened) != 0 || ::stat(path.c_str(), &named) != 0 || !same_file(opened, named))
    return Error(ErrorKind::busy, path + " was just put in its place by another process");
  const IndexHeader header{identity.uuid, identity.schema.dim, slots_per_segment(identity.schema.dim)};
  const auto bytes = encode_header(header);
  const auto written = [&]() -> Result<void> {
    if (::ftruncate(fd.get(), 0) != 0) return base::errno_error("cannot write " + path, errno);
    TRY(write_at(fd.get(), bytes, 0));
    TRY(write_segments(connection, identity, history, header.slots_per_segment, 0, fd.get(), bytes.size()));
    if (::rename(path.c_str(), files.index.c_str()) != 0)
      return base::errno_error("cannot rename " + path, errno);
    return {};
  }();
  if (!written.ok()) ::unlink(path.c_str());
  return written;
}

}  // namespace

std::optional<MappedIndex> map_index(const Files& files, const Identity& identity, const History& history,
                                     const MappedIndex* before) {
  struct stat first {
  }, second{};
  if (::stat(files.index.c_str(), &first) != 0) return std::nullopt;
  auto file = io::MappedFile::open(files.index);
  if (!file.ok() || ::stat(files.index.c_str(), &second) != 0 || !same_file(first, second))
    return std::nullopt;
  MappedIndex index{
      std::make_shared<io::MappedFile>(std::move(*file)), {}, false, first.st_dev, first.st_ino};
  auto image = parse_index(index.file->bytes(), identity.uuid, identity.schema.dim);
  if (!image) return std::nullopt;
  const bool same = before != nullptr && before->device == index.device && before->inode == index.inode;
  const size_t known = same ? before->image.segments.size() : 0;
  size_t good = 0;
  for (const Segment& segment : image->segments) {
    if (!history.contains(segment.token, {segment.last, segment.dead})) break;
    if (good >= known && !payload_is_whole(segment)) break;
    ++good;
  }
  index.whole = image->clean && good == image->segments.size();
  image->segments.resize(good);
  index.image = std::move(*image);
  return index;
}

Result<void> extend_index(Connection& connection, const Files& files, const Identity& identity,
                          const History& history, const MappedIndex* append) {
  if (append != nullptr && append->whole)
    return append_segments(connection, files, identity, history, *append);
  return write_new(connection, files, identity, history);
}

}  // namespace elanus::store_local
