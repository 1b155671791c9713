// Any bytes as library.idx: what is accepted can be read to its end.
#include <cstdint>
#include <cstring>
#include <vector>

#include "store_local/index_format.h"
#include "store_local/lists_guard.h"
#include "store_local/segment_guard.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace elanus::store_local;
  // A mapped file is aligned; libFuzzer's bytes need not be.
  std::vector<uint64_t> aligned(size / sizeof(uint64_t) + 1);
  if (size > 0) std::memcpy(aligned.data(), data, size);
  const auto bytes = std::as_bytes(std::span(aligned)).first(size);
  // The store expects the dimension that the header gives (its low byte): another one ends the parse at once.
  const uint32_t dim = size > 16 ? data[12] : 4;
  const auto image = parse_index(bytes, "0123456789abcdef0123456789abcdef", dim);
  if (!image) return 0;
  uint64_t sum = 0;
  for (const FrameBytes& frame : image->frames) {
    if (frame.segment > image->segments.size() || frame.centre.size() != dim ||
        frame.shrink.size() != size_t{dim} * dim)
      __builtin_trap();
    if (payload_is_whole(frame)) sum += frame.covariance.back() + frame.shrink.back();
  }
  for (const Segment& segment : image->segments) {
    if (segment.slots.size() != segment.ids.size() || segment.values.size() != segment.slots.size() * dim)
      __builtin_trap();
    if (!payload_is_whole(segment)) continue;
    for (const int64_t slot : segment.slots) sum += static_cast<uint64_t>(slot);
    for (const int64_t id : segment.ids) sum += static_cast<uint64_t>(id);
    for (const uint8_t code : segment.codes) sum += code;
    for (size_t row = 0; row < segment.slots.size(); ++row) sum += row_is_sound(segment, row);
    const SegmentGuard guard(segment);
    for (size_t column = 0; column < kAttributeColumns; ++column) {
      if (!guard.column_sound(column)) continue;
      for (size_t row = 0; row < segment.slots.size(); ++row)
        if (column < kNumberColumns) {
          sum += static_cast<uint64_t>(segment.columns.numbers[column][row]);
        } else {
          const TextColumn& text = segment.columns.texts[column - kNumberColumns];
          sum += text.text(text.word[row]).size();
        }
    }
  }
  for (const ListsBytes& lists : image->lists) {
    if (lists.segments > image->segments.size() || lists.begin.size() != lists.spread.size() + 1 ||
        lists.checks.size() != lists.spread.size() || lists.centres.size() != lists.spread.size() * dim)
      __builtin_trap();
    if (!payload_is_whole(lists)) continue;
    sum += lists.centres.back() + (lists.coded ? lists.covariance.back() : 0);
    const ListsGuard guard(lists);
    for (uint32_t list = 0; list < lists.spread.size(); ++list) sum += guard.sound(list);
  }
  volatile uint64_t used = sum;
  static_cast<void>(used);
  return 0;
}
