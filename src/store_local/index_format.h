// library.idx as bytes: a header and a chain of segments, each with its own checksums.
// docs/formats/library.md. Nothing here touches a file.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store_local/history.h"

namespace elanus::store_local {

// Version history: 1 (2026-11): the first. A file of any other version is made anew.
constexpr uint32_t kIndexVersion = 1;

// What a file says about itself as a whole.
struct IndexHeader {
  std::string uuid;  // of the database: 32 hex digits
  uint32_t dim = 0;
  uint32_t slots_per_segment = 0;  // 64..65536
};

// The records with slots in (after, last] that were alive at `dead`.
struct Segment {
  int64_t after = 0, last = 0;
  int64_t dead = 0;                     // Version::dead when it was written
  int64_t token = 0;                    // History::token when it was written
  std::span<const int64_t> slots, ids;  // [n], slots ascending
  std::span<const uint16_t> values;     // [n][dim]
  std::span<const std::byte> payload;   // the three, as they are in the file
  std::string_view payload_hash;
};

struct IndexImage {
  IndexHeader header;
  std::vector<Segment> segments;  // a chain: each begins where the one before ended
  bool clean = false;             // nothing follows the last segment
};

// A segment takes about 1 MiB: few enough to read the rest from library.db at every start, large enough to
// scan well.
uint32_t slots_per_segment(uint32_t dim);

// The file's content, which must live as long as the result and be aligned to 8 bytes. Nothing when the
// header is not whole, or of another version, store or dim. Ends before the first segment whose header is not
// whole. Reads headers only: the payloads are still to be checked.
std::optional<IndexImage> parse_index(std::span<const std::byte> file, std::string_view uuid, uint32_t dim);

// Whether the payload is what was written. O(bytes).
bool payload_is_whole(const Segment& segment);

std::vector<std::byte> encode_header(const IndexHeader& header);
// `payload` and `payload_hash` of the segment are ignored.
std::vector<std::byte> encode_segment(const Segment& segment, uint32_t dim);

}  // namespace elanus::store_local
