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

// The columns as they stand behind the values; says in the header what they are.
std::vector<std::byte> encode_columns(const AttributeColumns& columns, RawSegment& raw) {
  for (size_t i = 0; i < kTextColumns; ++i) {
    raw.words[i] = columns.texts[i].words();
    raw.word_bytes[i] = columns.texts[i].bytes.size();
  }
  const ColumnLayout layout = ColumnLayout::of(raw.rows, raw.words, raw.word_bytes).value_or(ColumnLayout{});
  std::vector<std::byte> bytes(layout.columns.back());
  const auto put = [&](size_t offset, const auto& array) {
    const auto from = std::as_bytes(array);
    std::copy(from.begin(), from.end(), bytes.begin() + static_cast<ptrdiff_t>(offset));
  };
  for (size_t i = 0; i < kNumberColumns; ++i) put(layout.columns[i], columns.numbers[i]);
  for (size_t i = 0; i < kTextColumns; ++i) {
    put(layout.columns[kNumberColumns + i], columns.texts[i].word);
    put(layout.texts[i].begin, columns.texts[i].begin);
    put(layout.texts[i].bytes, columns.texts[i].bytes);
  }
  for (size_t i = 0; i < kAttributeColumns; ++i)
    raw.column_checks[i] =
        io::checksum(std::span(bytes).subspan(layout.columns[i], layout.columns[i + 1] - layout.columns[i]));
  return bytes;
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

EncodedSegment encode_segment(const Segment& segment, uint32_t dim) {
  const SegmentLayout layout = layout_of(segment, dim);
  RawSegment raw{};
  raw.magic = kSegmentMagic;
  raw.after = segment.after;
  raw.last = segment.last;
  raw.dead = segment.dead;
  raw.token = segment.token;
  raw.rows = segment.slots.size();
  raw.coded = segment.codes.empty() ? 0 : 1;
  raw.touched = segment.touched;
  EncodedSegment encoded;
  encoded.after = encode_columns(segment.columns, raw);
  const size_t padding = layout.size - layout.values - segment.values.size_bytes();
  encoded.after.insert(encoded.after.begin(), padding, std::byte{0});
  Record<RawSegment> record(layout.values);
  std::vector<uint32_t> checks;
  for (size_t row = 0; row < segment.slots.size(); ++row)
    checks.push_back(row_check(segment.values.subspan(row * dim, dim)));
  record.put(0, segment.slots);
  record.put(layout.ids, segment.ids);
  record.put(layout.checks, std::span<const uint32_t>(checks));
  record.put(layout.codes, segment.codes);
  encoded.before = std::move(record).sign(raw);
  return encoded;
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

}  // namespace elanus::store_local
