// The vectors of one version of the database, as the scan wants them. Immutable and shared.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "index/flat.h"
#include "index/lists.h"
#include "store_local/history.h"
#include "store_local/index_spec.h"
#include "store_local/lists_guard.h"
#include "store_local/rows.h"
#include "store_local/segment_guard.h"

namespace elanus::store_local {

using Bits = std::vector<uint64_t>;

// Some rows, in a mapped segment or in memory, and which of them are gone.
struct Part {
  std::span<const int64_t> slots, ids;        // [n], n >= 1, slots ascending
  std::span<const uint16_t> values;           // [n][dim]
  std::shared_ptr<const void> owner;          // of the three
  std::shared_ptr<const Bits> dead;           // at least n bits; none: all are there
  std::shared_ptr<const index::Frame> frame;  // of the codes; none: there are no codes
  std::span<const uint8_t> codes;
  std::shared_ptr<const SegmentGuard> guard;  // of rows and columns in a file
  AttributeColumns columns;                   // of rows in a file: what filters compare
  std::span<const store::Picture> known;      // of rows in memory: the same, [n]
};

// Rows in memory that are only ever added at the end, within a capacity fixed at the start: a Part over the
// first n stays as it is while more are added.
class Chunk {
 public:
  Chunk(uint32_t dim, size_t capacity);
  ~Chunk();
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;
  bool full() const { return size_ == capacity_; }
  void add(const StoredRow& row);
  // The rows so far; `self` owns this chunk.
  static Part part(const std::shared_ptr<Chunk>& self);

 private:
  size_t dim_, capacity_, size_ = 0;
  std::unique_ptr<int64_t[]> slots_, ids_;
  std::unique_ptr<uint16_t[]> values_;
  store::Picture* known_;  // [capacity_], of which size_ are made
};

// By slot, what filters compare of records that were changed after their part was written.
using Touched = std::map<int64_t, store::Picture>;

// Lists of the rows of a view's first parts.
struct MappedLists {
  index::Lists lists;
  std::vector<uint64_t> starts;
  std::shared_ptr<const index::Frame> frame;
  std::shared_ptr<const ListsGuard> guard;
  std::shared_ptr<const void> owner;
};

struct View {
  Version version;
  int64_t covered = 0;                       // the slots up to here are in parts of a file
  std::shared_ptr<const MappedLists> lists;  // none where the file has none, or others than `spec` wants
  IndexSpec spec;
  std::shared_ptr<const Touched> touched;  // never null
  std::vector<Part> parts;                 // slots ascending from part to part
  std::vector<index::Rows> rows;           // the same, for the scan

  // Whether a search met a damaged row: its answer may lack it.
  bool damaged() const;

  int64_t slot_of(const index::Candidate& candidate) const {
    return parts[candidate.part].slots[candidate.row];
  }
};

// Marks the rows with these slots; slots that no part has are ignored. Bits that other views share are copied
// first.
void mark_dead(std::vector<Part>& parts, std::span<const int64_t> slots);

std::vector<index::Rows> rows_of(std::span<const Part> parts);

// For each part of a view, the rows that a filter keeps.
using Kept = std::vector<Bits>;

// Those with these slots, ascending; slots that no part has are ignored.
Kept rows_at(const View& view, std::span<const int64_t> slots);

// A view without the rows that a filter leaves out. The parts keep their numbers. The view must outlive it.
class KeptRows {
 public:
  KeptRows(const View& view, Kept kept);
  std::span<const index::Rows> rows() const { return rows_; }
  uint64_t count() const { return count_; }

 private:
  uint64_t count_ = 0;
  std::vector<Bits> dead_;
  std::vector<index::Rows> rows_;
};

}  // namespace elanus::store_local
