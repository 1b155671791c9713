#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "index/codes.h"
#include "store_local/index_file.h"
#include "store_local/rows.h"

namespace elanus::store_local {
namespace {

// Fewer rows are compared one by one as fast as their codes are read.
constexpr int64_t kFirstFrame = 4096;
// Statistics are taken again when the collection has grown so many times over.
constexpr int64_t kFrameGrowth = 4;
// While there are no more slots, new statistics also bring new codes for all rows.
constexpr int64_t kSmall = 65536;

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

// Bytes one after the other, from an offset on.
class Output {
 public:
  Output(int fd, size_t offset) : fd_(fd), offset_(offset) {}

  Result<void> write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset_));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return base::errno_error("cannot write library.idx", errno);
      bytes = bytes.subspan(static_cast<size_t>(n));
      offset_ += static_cast<size_t>(n);
    }
    return {};
  }

 private:
  int fd_;
  size_t offset_;
};

// Everything that writing takes from the database, as one read transaction sees it.
struct Source {
  Connection& connection;
  const Identity& identity;
  const History& history;
  uint32_t dim() const { return identity.schema.dim; }
};

bool frame_is_due(const MappedIndex* index, const Version& now, uint32_t dim) {
  if (!index::can_be_coded(dim) || now.slot - now.dead < kFirstFrame) return false;
  if (index == nullptr || index->image.frames.empty()) return true;
  return now.slot >= kFrameGrowth * index->image.frames.back().learnt_at;
}

Result<std::shared_ptr<const index::Frame>> write_frame(const Source& source, Output& out) {
  const int64_t last = source.history.now().slot;
  const auto rows = TRY(sample_rows(source.connection, source.dim(), last, index::kFrameSample));
  auto frame = std::make_shared<const index::Frame>(TRY(index::Frame::learn(source.dim(), rows)));
  TRY(out.write(encode_frame(*frame, last)));
  return frame;
}

// Writes full segments from `after` on.
Result<void> write_segments(const Source& source, const index::Frame* frame, uint32_t largest, int64_t after,
                            Output& out) {
  const uint32_t dim = source.dim();
  const int64_t step = std::min(least_segment(dim), largest);
  const Version now = source.history.now();
  std::vector<int64_t> slots, ids;
  std::vector<uint16_t> values;
  std::vector<uint8_t> codes;
  OwnedAttributes attributes;
  while (now.slot - after >= step) {
    const int64_t last = after + std::min<int64_t>(largest, (now.slot - after) / step * step);
    slots.clear();
    ids.clear();
    values.clear();
    attributes.clear();
    TRY(read_rows(source.connection, dim, after, last, [&](const StoredRow& row) {
      slots.push_back(row.slot);
      ids.push_back(row.id);
      values.insert(values.end(), row.values.begin(), row.values.end());
      attributes.add(row.known);
    }));
    if (frame != nullptr) {
      codes.resize(index::coded_bytes(dim, slots.size()));
      index::encode(*frame, values, codes);
    }
    Segment segment{after, last, now.dead, source.history.token(), slots, ids, values, codes, {}, {}, {}};
    segment.touched = now.touched;
    segment.columns = attributes.view();
    const EncodedSegment encoded = encode_segment(segment, dim);
    TRY(out.write(encoded.before));
    TRY(out.write(std::as_bytes(std::span(values))));
    TRY(out.write(encoded.after));
    after = last;
  }
  return {};
}

// The end of the file that `index` has mapped, to write at; busy when it is another one by now.
Result<size_t> end_of(int fd, const MappedIndex& index) {
  struct stat info {};
  if (fd < 0 || ::fstat(fd, &info) != 0) return base::errno_error("cannot open library.idx", errno);
  const size_t end = index.file->bytes().size();
  if (info.st_dev != index.device || info.st_ino != index.inode || static_cast<size_t>(info.st_size) != end)
    return Error(ErrorKind::busy, "another library.idx was just put in its place");
  return end;
}

Result<void> append_segments(const Source& source, const Files& files, const MappedIndex& index) {
  const Descriptor fd(::open(files.index.c_str(), O_WRONLY | O_CLOEXEC));
  const auto end = end_of(fd.get(), index);
  // The next call looks at that.
  if (!end.ok() && end.error().kind() == ErrorKind::busy) return {};
  Output out(fd.get(), TRY(end));
  auto frame = index.frame_of(index.image.segments.size());
  if (frame_is_due(&index, source.history.now(), source.dim())) frame = TRY(write_frame(source, out));
  return write_segments(source, frame.get(), index.image.header.slots_per_segment, index.covered(), out);
}

Result<void> write_new(const Source& source, const Files& files) {
  const std::string path = files.index.string() + ".new";
  const Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (fd.get() < 0) return base::errno_error("cannot open " + path, errno);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return base::errno_error("cannot lock " + path, errno);
  struct stat opened {
  }, named{};
  if (::fstat(fd.get(), &opened) != 0 || ::stat(path.c_str(), &named) != 0 || opened.st_dev != named.st_dev ||
      opened.st_ino != named.st_ino)
    return Error(ErrorKind::busy, path + " was just put in its place by another process");
  const auto written = [&]() -> Result<void> {
    if (::ftruncate(fd.get(), 0) != 0) return base::errno_error("cannot write " + path, errno);
    const uint32_t largest = largest_segment(source.dim());
    Output out(fd.get(), 0);
    TRY(out.write(encode_header({source.identity.uuid, source.dim(), largest})));
    std::shared_ptr<const index::Frame> frame;
    if (frame_is_due(nullptr, source.history.now(), source.dim())) frame = TRY(write_frame(source, out));
    TRY(write_segments(source, frame.get(), largest, 0, out));
    if (::rename(path.c_str(), files.index.c_str()) != 0)
      return base::errno_error("cannot rename " + path, errno);
    return {};
  }();
  if (!written.ok()) ::unlink(path.c_str());
  return written;
}

}  // namespace

Result<void> extend_index(Connection& connection, const Files& files, const Identity& identity,
                          const History& history, const MappedIndex* append) {
  const Source source{connection, identity, history};
  const bool make_anew = append == nullptr || !append->whole ||
                         (append->covered() < kSmall && frame_is_due(append, history.now(), source.dim()));
  return make_anew ? write_new(source, files) : append_segments(source, files, *append);
}

Result<void> append_lists(const Files& files, const MappedIndex& index, const index::OwnedLists& lists,
                          uint32_t dim, int64_t last, bool coded) {
  const Descriptor fd(::open(files.index.c_str(), O_WRONLY | O_CLOEXEC));
  Output out(fd.get(), TRY(end_of(fd.get(), index)));
  TRY(out.write(encode_lists(lists, dim, last, coded)));
  return out.write(std::as_bytes(std::span(lists.bodies)));
}

}  // namespace elanus::store_local
