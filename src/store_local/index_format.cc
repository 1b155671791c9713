#include "store_local/index_format.h"

#include "store_local/index_layout.h"

namespace elanus::store_local {
namespace {

template <class Raw>
std::optional<Raw> read_raw(std::span<const std::byte> bytes, uint64_t magic) {
  if (bytes.size() < sizeof(Raw)) return std::nullopt;
  Raw raw;
  std::memcpy(&raw, bytes.data(), sizeof raw);
  if (raw.magic != magic || hash_of(raw) != text_of(raw.hash)) return std::nullopt;
  return raw;
}

template <class T>
std::span<const T> typed(std::span<const std::byte> bytes, size_t offset, size_t count) {
  return {reinterpret_cast<const T*>(bytes.data() + offset), count};
}

std::string_view text_at(std::span<const std::byte> bytes, size_t offset) {
  return {reinterpret_cast<const char*>(bytes.data()) + offset, 32};
}

// Takes records off the front of a file.
class Chain {
 public:
  Chain(std::span<const std::byte> rest, IndexImage& image) : rest_(rest), image_(image) {}

  bool take_frame() {
    const uint32_t dim = image_.header.dim;
    const auto raw = read_raw<RawFrame>(rest_, kFrameMagic);
    if (!raw || !index::can_be_coded(dim)) return false;
    const FrameLayout layout(dim);
    if (layout.size > rest_.size() - sizeof(RawFrame)) return false;
    const auto payload = rest_.subspan(sizeof(RawFrame), layout.size);
    image_.frames.push_back({image_.segments.size(), raw->learnt_at, typed<float>(payload, 0, dim),
                             typed<uint16_t>(payload, layout.covariance, size_t{dim} * dim),
                             typed<uint16_t>(payload, layout.shrink, size_t{dim} * dim), payload,
                             text_at(rest_, offsetof(RawFrame, payload_hash))});
    rest_ = rest_.subspan(sizeof(RawFrame) + layout.size);
    return true;
  }

  bool take_segment() {
    const auto raw = read_raw<RawSegment>(rest_, kSegmentMagic);
    const int64_t after = image_.segments.empty() ? 0 : image_.segments.back().last;
    if (!raw || raw->after != after || raw->last <= after ||
        raw->last - after > image_.header.slots_per_segment ||
        raw->rows > static_cast<uint64_t>(raw->last - after) ||
        raw->coded > (image_.frames.empty() ? 0u : 1u))
      return false;
    const auto layout = SegmentLayout::of(raw->rows, image_.header.dim, raw->coded != 0);
    const auto columns = ColumnLayout::of(raw->rows, raw->words, raw->word_bytes);
    const auto size =
        layout && columns ? base::checked_add(layout->size, columns->columns.back()) : std::nullopt;
    if (!size || *size > rest_.size() - sizeof(RawSegment)) return false;
    const auto all = rest_.subspan(sizeof(RawSegment), *size);
    const size_t rows = raw->rows;
    Segment segment;
    segment.after = raw->after;
    segment.last = raw->last;
    segment.dead = raw->dead;
    segment.token = raw->token;
    segment.touched = raw->touched;
    take_columns(*raw, *columns, all.subspan(layout->size), segment);
    segment.payload = all.first(layout->values);
    segment.payload_hash = text_at(rest_, offsetof(RawSegment, payload_hash));
    segment.slots = typed<int64_t>(all, 0, rows);
    segment.ids = typed<int64_t>(all, layout->ids, rows);
    segment.checks = typed<uint32_t>(all, layout->checks, rows);
    if (raw->coded != 0)
      segment.codes = typed<uint8_t>(all, layout->codes, index::coded_bytes(image_.header.dim, rows));
    segment.values = typed<uint16_t>(all, layout->values, rows * image_.header.dim);
    image_.segments.push_back(segment);
    rest_ = rest_.subspan(sizeof(RawSegment) + *size);
    return true;
  }

  bool take_lists() {
    const auto raw = read_raw<RawLists>(rest_, kListsMagic);
    const auto covered =
        std::find_if(image_.segments.begin(), image_.segments.end(),
                     [&](const Segment& segment) { return raw && segment.last == raw->last; });
    if (covered == image_.segments.end() || raw->coded > (image_.frames.empty() ? 0u : 1u)) return false;
    const uint32_t dim = image_.header.dim;
    const auto layout = ListsLayout::of(raw->lists, raw->blocks, dim, raw->coded != 0);
    if (!layout || layout->size > rest_.size() - sizeof(RawLists)) return false;
    const auto all = rest_.subspan(sizeof(RawLists), layout->size);
    const size_t n = raw->lists;
    image_.lists.push_back({raw->last, static_cast<size_t>(covered - image_.segments.begin()) + 1,
                            image_.frames.size(), raw->coded != 0, raw->blocks,
                            typed<uint16_t>(all, 0, n * dim),
                            typed<uint16_t>(all, layout->covariance, raw->coded != 0 ? size_t{dim} * dim : 0),
                            typed<float>(all, layout->spread, n), typed<uint32_t>(all, layout->begin, n + 1),
                            typed<uint64_t>(all, layout->checks, n),
                            typed<uint8_t>(all, layout->bodies, layout->size - layout->bodies),
                            all.first(layout->bodies), text_at(rest_, offsetof(RawLists, payload_hash))});
    rest_ = rest_.subspan(sizeof(RawLists) + layout->size);
    return true;
  }

  bool at_end() const { return rest_.empty(); }

 private:
  static void take_columns(const RawSegment& raw, const ColumnLayout& layout, std::span<const std::byte> all,
                           Segment& segment) {
    const auto& at = layout.columns;
    for (size_t i = 0; i < kAttributeColumns; ++i)
      segment.column_bytes[i] = all.subspan(at[i], at[i + 1] - at[i]);
    segment.column_checks = raw.column_checks;
    for (size_t i = 0; i < kNumberColumns; ++i)
      segment.columns.numbers[i] = typed<int64_t>(all, at[i], raw.rows);
    for (size_t i = 0; i < kTextColumns; ++i)
      segment.columns.texts[i] = {typed<uint32_t>(all, at[kNumberColumns + i], raw.rows),
                                  typed<uint64_t>(all, layout.texts[i].begin, raw.words[i] + 1),
                                  typed<char>(all, layout.texts[i].bytes, raw.word_bytes[i])};
  }

  std::span<const std::byte> rest_;
  IndexImage& image_;
};

}  // namespace

uint32_t least_segment(uint32_t dim) { return std::clamp<uint32_t>((1u << 20) / (2 * dim), 64, 65536); }
uint32_t largest_segment(uint32_t dim) { return std::clamp<uint32_t>((64u << 20) / (2 * dim), 64, 65536); }

uint32_t row_check(std::span<const uint16_t> row) {
  return static_cast<uint32_t>(io::checksum(std::as_bytes(row)));
}

std::optional<IndexImage> parse_index(std::span<const std::byte> file, std::string_view uuid, uint32_t dim) {
  const auto raw = read_raw<RawHeader>(file, kHeaderMagic);
  if (!raw || raw->version != kIndexVersion || raw->dim != dim || text_of(raw->uuid) != uuid ||
      raw->slots_per_segment < 64 || raw->slots_per_segment > 65536)
    return std::nullopt;
  IndexImage image;
  image.header = {std::string(uuid), dim, raw->slots_per_segment};
  Chain chain(file.subspan(sizeof(RawHeader)), image);
  while (chain.take_segment() || chain.take_frame() || chain.take_lists()) {
  }
  image.clean = chain.at_end();
  return image;
}

bool payload_is_whole(const FrameBytes& frame) {
  return io::content_hash(frame.payload) == frame.payload_hash;
}

bool payload_is_whole(const Segment& segment) {
  if (io::content_hash(segment.payload) != segment.payload_hash) return false;
  int64_t before = segment.after;
  for (const int64_t slot : segment.slots) {
    if (slot <= before) return false;
    before = slot;
  }
  return before <= segment.last;
}

bool row_is_sound(const Segment& segment, size_t row) {
  const size_t dim = segment.values.size() / segment.slots.size();
  return row_check(segment.values.subspan(row * dim, dim)) == segment.checks[row];
}

bool column_is_sound(const Segment& segment, size_t column) {
  if (io::checksum(segment.column_bytes[column]) != segment.column_checks[column]) return false;
  if (column < kNumberColumns) return true;
  const TextColumn& text = segment.columns.texts[column - kNumberColumns];
  return text.begin.front() == 0 && text.begin.back() == text.bytes.size() &&
         std::is_sorted(text.begin.begin(), text.begin.end()) &&
         std::all_of(text.word.begin(), text.word.end(), [&](uint32_t word) { return word < text.words(); });
}

bool payload_is_whole(const ListsBytes& lists) {
  return io::content_hash(lists.payload) == lists.payload_hash && lists.begin[0] == 0 &&
         std::is_sorted(lists.begin.begin(), lists.begin.end()) && lists.begin.back() == lists.blocks;
}

uint64_t list_check(std::span<const uint8_t> body) { return io::checksum(std::as_bytes(body)); }

}  // namespace elanus::store_local
