#include "store_local/index_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "base/thread_pool.h"

namespace elanus::store_local {
namespace {

// To check so many bytes takes longer than to start threads.
constexpr size_t kWorthThreads = 4 << 20;

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

// Cuts an index before the first thing that cannot be used.
class Sieve {
 public:
  Sieve(MappedIndex& index, const MappedIndex* known, const History& history, bool every_row)
      : index_(index), known_(known), history_(history), every_row_(every_row) {}

  void run() {
    const IndexImage& image = index_.image;
    check_payloads();
    size_t segments = 0, frames = 0;
    for (; segments <= image.segments.size(); ++segments) {
      while (frames < image.frames.size() && image.frames[frames].segment == segments && take_frame(frames))
        ++frames;
      const bool frame_lost = frames < image.frames.size() && image.frames[frames].segment == segments;
      if (frame_lost || segments == image.segments.size() || !take_segment(segments)) break;
    }
    index_.whole = image.clean && segments == image.segments.size() && frames == image.frames.size();
    index_.image.segments.resize(segments);
    index_.image.frames.resize(frames);
    take_lists();
  }

 private:
  bool is_known(size_t segment) const { return known_ != nullptr && segment < known_->guards.size(); }

  // The most of what a new process does before its first answer, so by all threads.
  void check_payloads() {
    const auto& segments = index_.image.segments;
    whole_.assign(segments.size(), 1);
    size_t bytes = 0;
    for (size_t i = 0; i < segments.size(); ++i)
      if (!is_known(i)) bytes += segments[i].payload.size();
    const auto check = [&](size_t i, unsigned) {
      if (!is_known(i)) whole_[i] = payload_is_whole(segments[i]);
    };
    if (bytes < kWorthThreads) {
      for (size_t i = 0; i < segments.size(); ++i) check(i, 0);
      return;
    }
    base::ThreadPool pool;
    pool.run(segments.size(), check);
  }

  bool take_frame(size_t i) {
    const FrameBytes& bytes = index_.image.frames[i];
    if (known_ != nullptr && i < known_->frames.size()) {
      index_.frames.push_back(known_->frames[i]);
      return true;
    }
    if (!payload_is_whole(bytes)) return false;
    index_.frames.push_back(std::make_shared<const index::Frame>(
        index::Frame{index::Rotation(static_cast<uint32_t>(bytes.centre.size())),
                     {bytes.centre.begin(), bytes.centre.end()},
                     {bytes.covariance.begin(), bytes.covariance.end()},
                     {bytes.shrink.begin(), bytes.shrink.end()}}));
    return true;
  }

  bool take_segment(size_t i) {
    const Segment& segment = index_.image.segments[i];
    if (!history_.contains(segment.token, {segment.last, segment.dead, 0, segment.touched})) return false;
    if (whole_[i] == 0) return false;
    // A guard of its own all the same: it reads through this mapping.
    auto guard = std::make_shared<SegmentGuard>(segment, is_known(i) ? known_->guards[i].get() : nullptr);
    if (every_row_ && !guard->all_sound()) return false;
    index_.guards.push_back(std::move(guard));
    return true;
  }

  void take_lists() {
    const auto& all = index_.image.lists;
    for (size_t i = all.size(); i-- > 0;) {
      const ListsBytes& lists = all[i];
      if (lists.segments > index_.guards.size() || lists.frames > index_.frames.size()) continue;
      const bool is_known = known_ != nullptr && known_->lists && i < known_->image.lists.size() &&
                            known_->lists->last == lists.last && known_->image.lists.size() == all.size();
      auto guard = std::make_shared<ListsGuard>(lists, is_known ? known_->lists_guard.get() : nullptr);
      if ((!is_known && !payload_is_whole(lists)) || (every_row_ && !guard->all_sound())) {
        index_.whole = false;
        continue;
      }
      index_.lists = lists;
      index_.lists_guard = std::move(guard);
      return;
    }
  }

  MappedIndex& index_;
  const MappedIndex* known_;
  const History& history_;
  const bool every_row_;
  std::vector<uint8_t> whole_;  // the segments whose payloads are
};

}  // namespace

int64_t MappedIndex::touched(const Version& now) const {
  int64_t least = now.touched;
  for (const Segment& segment : image.segments) least = std::min(least, segment.touched);
  return least;
}

std::shared_ptr<const index::Frame> MappedIndex::frame_of(size_t segment) const {
  size_t frame = image.frames.size();
  while (frame > 0 && image.frames[frame - 1].segment > segment) --frame;
  return frame > 0 ? frames[frame - 1] : nullptr;
}

std::shared_ptr<const index::Frame> MappedIndex::frame_of_lists() const {
  return lists && lists->coded ? frames[lists->frames - 1] : nullptr;
}

std::optional<MappedIndex> map_index(const Files& files, const Identity& identity, const History& history,
                                     const MappedIndex* before, bool every_row) {
  struct stat first {
  }, second{};
  if (::stat(files.index.c_str(), &first) != 0) return std::nullopt;
  auto file = io::MappedFile::open(files.index);
  if (!file.ok() || ::stat(files.index.c_str(), &second) != 0 || !same_file(first, second))
    return std::nullopt;
  MappedIndex index;
  index.file = std::make_shared<const io::MappedFile>(std::move(*file));
  index.device = first.st_dev;
  index.inode = first.st_ino;
  auto image = parse_index(index.file->bytes(), identity.uuid, identity.schema.dim);
  if (!image) return std::nullopt;
  index.image = std::move(*image);
  const bool same = before != nullptr && before->device == index.device && before->inode == index.inode;
  Sieve(index, same ? before : nullptr, history, every_row).run();
  return index;
}

}  // namespace elanus::store_local
