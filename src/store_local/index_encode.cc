#include "store_local/index_format.h"
#include "store_local/index_layout.h"

namespace elanus::store_local {
namespace {

// A record under construction: a header, then arrays at their places.
template <class Raw>
class Record {
 public:
  explicit Record(size_t payload) : bytes_(sizeof(Raw) + payload) {}

  template <class T>
  void put(size_t offset, std::span<const T> array) {
    const auto from = std::as_bytes(array);
    std::copy(from.begin(), from.end(), bytes_.begin() + static_cast<ptrdiff_t>(sizeof(Raw) + offset));
  }

  std::vector<std::byte> sign(Raw raw) && {
    set_text(raw.payload_hash, io::content_hash(std::span(bytes_).subspan(sizeof(Raw))));
    set_text(raw.hash, hash_of(raw));
    std::memcpy(bytes_.data(), &raw, sizeof raw);
    return std::move(bytes_);
  }

 private:
  std::vector<std::byte> bytes_;
};

SegmentLayout layout_of(const Segment& segment, uint32_t dim) {
  return SegmentLayout::of(segment.slots.size(), dim, !segment.codes.empty()).value_or(SegmentLayout{});
}

}  // namespace

std::vector<std::byte> encode_header(const IndexHeader& header) {
  RawHeader raw{};
  raw.magic = kHeaderMagic;
  raw.version = kIndexVersion;
  raw.dim = header.dim;
  raw.slots_per_segment = header.slots_per_segment;
  set_text(raw.uuid, header.uuid);
  set_text(raw.hash, hash_of(raw));
  const auto bytes = std::as_bytes(std::span(&raw, 1));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> encode_frame(const index::Frame& frame, int64_t learnt_at) {
  const FrameLayout layout(frame.dim());
  Record<RawFrame> record(layout.size);
  record.put(0, std::span<const float>(frame.centre));
  record.put(layout.covariance, std::span<const uint16_t>(frame.covariance));
  record.put(layout.shrink, std::span<const uint16_t>(frame.shrink));
  return std::move(record).sign({kFrameMagic, learnt_at, {}, {}, {}});
}

std::vector<std::byte> encode_segment(const Segment& segment, uint32_t dim) {
  const SegmentLayout layout = layout_of(segment, dim);
  Record<RawSegment> record(layout.values);
  std::vector<uint32_t> checks;
  for (size_t row = 0; row < segment.slots.size(); ++row)
    checks.push_back(row_check(segment.values.subspan(row * dim, dim)));
  record.put(0, segment.slots);
  record.put(layout.ids, segment.ids);
  record.put(layout.checks, std::span<const uint32_t>(checks));
  record.put(layout.codes, segment.codes);
  return std::move(record).sign({kSegmentMagic,
                                 segment.after,
                                 segment.last,
                                 segment.dead,
                                 segment.token,
                                 segment.slots.size(),
                                 segment.codes.empty() ? 0u : 1u,
                                 {},
                                 {},
                                 {}});
}

std::vector<std::byte> encode_lists(const index::OwnedLists& lists, uint32_t dim, int64_t last, bool coded) {
  const uint64_t count = lists.spread.size(), blocks = lists.begin.back();
  const ListsLayout layout = ListsLayout::of(count, blocks, dim, coded).value_or(ListsLayout{});
  const size_t block = index::list_block_bytes(dim, coded);
  std::vector<uint64_t> checks;
  for (size_t list = 0; list < count; ++list)
    checks.push_back(list_check(
        std::span(lists.bodies)
            .subspan(lists.begin[list] * block, (lists.begin[list + 1] - lists.begin[list]) * block)));
  Record<RawLists> record(layout.bodies);
  record.put(0, std::span<const uint16_t>(lists.centres));
  record.put(layout.covariance, std::span<const uint16_t>(lists.covariance));
  record.put(layout.spread, std::span<const float>(lists.spread));
  record.put(layout.begin, std::span<const uint32_t>(lists.begin));
  record.put(layout.checks, std::span<const uint64_t>(checks));
  return std::move(record).sign({kListsMagic, last, count, blocks, coded ? 1u : 0u, {}, {}, {}});
}

size_t padding(const Segment& segment) {
  return (kIndexAlignment - segment.values.size_bytes() % kIndexAlignment) % kIndexAlignment;
}

}  // namespace elanus::store_local
