// library.idx on disk: mapped, appended to, made anew.
#pragma once
#include <sys/types.h>

#include <memory>
#include <optional>
#include <vector>

#include "io/file.h"
#include "store_local/format.h"
#include "store_local/history.h"
#include "store_local/index_format.h"
#include "store_local/lists_guard.h"
#include "store_local/segment_guard.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

// A mapped library.idx whose payloads, all of `image`, were checked and belong to the database's history. Its
// rows are checked one by one, when they are used.
struct MappedIndex {
  std::shared_ptr<const io::MappedFile> file;
  IndexImage image;  // cut before the first frame or segment that is damaged or of another history
  std::vector<std::shared_ptr<const index::Frame>> frames;  // of image.frames
  std::vector<std::shared_ptr<const SegmentGuard>> guards;  // of image.segments
  std::optional<ListsBytes> lists;                          // the last of image.lists that can be used
  std::shared_ptr<const ListsGuard> lists_guard;            // of these
  bool whole = false;                                       // nothing had to be cut
  dev_t device = 0;
  ino_t inode = 0;

  int64_t covered() const { return image.segments.empty() ? 0 : image.segments.back().last; }
  // The Version::touched from which on its columns may differ from `now`.
  int64_t touched(const Version& now) const;
  // The frame of a segment with codes.
  std::shared_ptr<const index::Frame> frame_of(size_t segment) const;
  // Of the lists' codes; null where they have none.
  std::shared_ptr<const index::Frame> frame_of_lists() const;
};

// Nothing when the file is missing or none of it can be used. Payloads that `before` had checked in the same
// file are not read again: a file only ever grows at its end. `every_row`: nor is any segment taken that has
// a damaged row; O(bytes).
std::optional<MappedIndex> map_index(const Files& files, const Identity& identity, const History& history,
                                     const MappedIndex* before, bool every_row = false);

// Brings library.idx up to the last full segment before history.now(), from the rows that `connection` sees
// in its read transaction. With `append` it adds to a sound file; else, and when there is none, or while the
// file is small and new statistics are due, it makes a new one and puts it in its place. Failing costs
// nothing but time: the next one tries again. Only the holder of the writer's lock may append. Several
// processes may make a new one at once: all but one give up.
Result<void> extend_index(Connection& connection, const Files& files, const Identity& identity,
                          const History& history, const MappedIndex* append);

// Adds lists, of the segments up to slot `last`, to the file, which is `index` and sound. Only the holder of
// the writer's lock may. busy: somebody has put another file in its place.
Result<void> append_lists(const Files& files, const MappedIndex& index, const index::OwnedLists& lists,
                          uint32_t dim, int64_t last, bool coded);

}  // namespace elanus::store_local
