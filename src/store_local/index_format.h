// library.idx as bytes: a header and a chain of frames and segments, each with its own checksums.
// docs/formats/library.md. Nothing here touches a file.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/lists.h"
#include "store_local/attributes.h"
#include "store_local/history.h"

namespace elanus::store_local {

// Version history: 1 (2026-11): the first. 2 (2026-11): codes and their frames beside the vectors, a checksum
// for each row, segments of different sizes. 3 (2026-11): lists. 4 (2026-11): what filters compare. A file of
// any other version is made anew.
constexpr uint32_t kIndexVersion = 4;

// What a file says about itself as a whole.
struct IndexHeader {
  std::string uuid;  // of the database: 32 hex digits
  uint32_t dim = 0;
  uint32_t slots_per_segment = 0;  // at most: 64..65536
};

// The statistics by which the segments after it, up to the next frame, are coded.
struct FrameBytes {
  size_t segment = 0;                            // the first one that it is for
  int64_t learnt_at = 0;                         // Version::slot when it was learnt
  std::span<const float> centre;                 // [dim]
  std::span<const uint16_t> covariance, shrink;  // [dim][dim]
  std::span<const std::byte> payload;            // the three, as they are in the file
  std::string_view payload_hash;
};

// The records with slots in (after, last] that were alive at `dead`.
struct Segment {
  int64_t after = 0, last = 0;
  int64_t dead = 0;                     // Version::dead when it was written
  int64_t token = 0;                    // History::token when it was written
  std::span<const int64_t> slots, ids;  // [n], slots ascending
  std::span<const uint16_t> values;     // [n][dim]
  std::span<const uint8_t> codes;       // index::coded_bytes(dim, n), or none
  std::span<const uint32_t> checks;     // [n]: row_check of each row
  std::span<const std::byte> payload;   // all of these but the values, as they are in the file
  std::string_view payload_hash;
  int64_t touched = 0;       // Version::touched when it was written
  AttributeColumns columns;  // of the rows
  std::array<uint64_t, kAttributeColumns> column_checks{};
  std::array<std::span<const std::byte>, kAttributeColumns> column_bytes;  // as they are in the file
};

// The rows of the segments up to slot `last`, gathered about centres (index/lists.h). Of several the last one
// counts.
struct ListsBytes {
  int64_t last = 0;
  size_t segments = 0;  // whose rows these are: all before it up to `last`
  size_t frames = 0;    // how many frames there are before it: the codes are of the last one
  bool coded = false;
  uint64_t blocks = 0;                   // in all lists, at least 1
  std::span<const uint16_t> centres;     // [n][dim]
  std::span<const uint16_t> covariance;  // [dim][dim]
  std::span<const float> spread;         // [n]
  std::span<const uint32_t> begin;       // [n + 1]
  std::span<const uint64_t> checks;      // [n]: list_check of each list's part of the bodies
  std::span<const uint8_t> bodies;
  std::span<const std::byte> payload;  // all of these but the bodies, as they are in the file
  std::string_view payload_hash;
};

struct IndexImage {
  IndexHeader header;
  std::vector<FrameBytes> frames;
  std::vector<ListsBytes> lists;
  std::vector<Segment> segments;  // a chain: each begins where the one before ended
  bool clean = false;             // nothing follows the last of them
};

// New segments have at least so many slots, about 1 MiB of vectors: few enough to read the rest from
// library.db at every start, large enough to scan well.
uint32_t least_segment(uint32_t dim);
// And at most so many, about 64 MiB: what is held in memory to write one.
uint32_t largest_segment(uint32_t dim);

// The checksum of one row's values.
uint32_t row_check(std::span<const uint16_t> row);

// The file's content, which must live as long as the result and be aligned to 8 bytes. Nothing when the
// header is not whole, or of another version, store or dim. Ends before the first frame or segment whose
// header is not whole. Reads headers only: the payloads are still to be checked.
std::optional<IndexImage> parse_index(std::span<const std::byte> file, std::string_view uuid, uint32_t dim);

// Whether the payload is what was written. O(bytes).
bool payload_is_whole(const FrameBytes& frame);
// The values are not part of it: row_check says whether each is sound.
bool payload_is_whole(const Segment& segment);
bool row_is_sound(const Segment& segment, size_t row);
// Nor are the columns: numbers first, then texts. O(bytes).
bool column_is_sound(const Segment& segment, size_t column);
// The bodies are not part of it: list_check says whether each is sound.
bool payload_is_whole(const ListsBytes& lists);
uint64_t list_check(std::span<const uint8_t> body);

std::vector<std::byte> encode_header(const IndexHeader& header);
std::vector<std::byte> encode_frame(const index::Frame& frame, int64_t learnt_at);
// What stands before and after the values of a segment. `checks`, `payload`, `payload_hash`, `column_checks`
// and `column_bytes` of the segment are ignored.
struct EncodedSegment {
  std::vector<std::byte> before, after;
};
EncodedSegment encode_segment(const Segment& segment, uint32_t dim);
// What stands before the bodies of lists of the segments up to slot `last`.
std::vector<std::byte> encode_lists(const index::OwnedLists& lists, uint32_t dim, int64_t last, bool coded);

}  // namespace elanus::store_local
