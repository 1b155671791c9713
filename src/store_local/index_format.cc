#include "store_local/index_format.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/checked.h"
#include "io/file.h"

namespace elanus::store_local {
namespace {

// Numbers are in the byte order of the machine. On one of the other order the magic does not match, and the
// file is made anew: it is a cache.
constexpr uint64_t kHeaderMagic = 0x315844494e414c45;   // "ELANIDX1" in little-endian bytes
constexpr uint64_t kSegmentMagic = 0x314745534e414c45;  // "ELANSEG1"
constexpr size_t kAlignment = 64;

struct RawHeader {
  uint64_t magic;
  uint32_t version, dim, slots_per_segment;
  std::array<char, 32> uuid;
  std::array<char, 44> reserved;
  std::array<char, 32> hash;  // of all before it
};
static_assert(sizeof(RawHeader) == 128);

struct RawSegment {
  uint64_t magic;
  int64_t after, last, dead, token;
  uint64_t rows;
  std::array<char, 16> reserved;
  std::array<char, 32> payload_hash;
  std::array<char, 32> hash;  // of all before it
};
static_assert(sizeof(RawSegment) == 128);

template <class Raw>
std::string hash_of(const Raw& raw) {
  return io::content_hash(std::as_bytes(std::span(&raw, 1)).first(offsetof(Raw, hash)));
}

void set(std::array<char, 32>& field, std::string_view text) {
  std::copy_n(text.begin(), std::min(text.size(), field.size()), field.begin());
}

std::string_view view(const std::array<char, 32>& field) { return {field.data(), field.size()}; }

template <class Raw>
bool is_whole(const Raw& raw) {
  return hash_of(raw) == view(raw.hash);
}

template <class Raw>
std::optional<Raw> read_raw(std::span<const std::byte> bytes, uint64_t magic) {
  if (bytes.size() < sizeof(Raw)) return std::nullopt;
  Raw raw;
  std::memcpy(&raw, bytes.data(), sizeof raw);
  if (raw.magic != magic || !is_whole(raw)) return std::nullopt;
  return raw;
}

// Where the arrays of a payload are: each begins on a cache line, for the loads of the scan.
struct Layout {
  size_t ids, values, size;

  static std::optional<Layout> of(uint64_t rows, uint32_t dim) {
    const auto keys = aligned(base::checked_mul(sizeof(int64_t), rows));
    const auto values = aligned(base::checked_mul(sizeof(uint16_t), size_t{dim}, rows));
    if (!keys || !values) return std::nullopt;
    const auto before = base::checked_mul(*keys, size_t{2});
    const auto size = before ? base::checked_add(*before, *values) : std::nullopt;
    if (!size) return std::nullopt;
    return Layout{*keys, *before, *size};
  }

 private:
  static std::optional<size_t> aligned(std::optional<size_t> size) {
    if (size) size = base::checked_add(*size, kAlignment - 1);
    if (size) *size -= *size % kAlignment;
    return size;
  }
};

template <class T>
std::span<const T> typed(std::span<const std::byte> bytes, size_t offset, size_t count) {
  return {reinterpret_cast<const T*>(bytes.data() + offset), count};
}

std::optional<Segment> parse_segment(std::span<const std::byte> bytes, const IndexHeader& header,
                                     int64_t after) {
  const auto raw = read_raw<RawSegment>(bytes, kSegmentMagic);
  if (!raw || raw->after != after || raw->last <= after || raw->last - after > header.slots_per_segment ||
      raw->rows > static_cast<uint64_t>(raw->last - after))
    return std::nullopt;
  const auto layout = Layout::of(raw->rows, header.dim);
  if (!layout || layout->size > bytes.size() - sizeof(RawSegment)) return std::nullopt;
  Segment segment{raw->after, raw->last, raw->dead, raw->token, {}, {}, {}, {}, {}};
  const size_t rows = raw->rows;
  segment.payload = bytes.subspan(sizeof(RawSegment), layout->size);
  segment.payload_hash = {reinterpret_cast<const char*>(bytes.data()) + offsetof(RawSegment, payload_hash),
                          32};
  segment.slots = typed<int64_t>(segment.payload, 0, rows);
  segment.ids = typed<int64_t>(segment.payload, layout->ids, rows);
  segment.values = typed<uint16_t>(segment.payload, layout->values, rows * header.dim);
  return segment;
}

}  // namespace

uint32_t slots_per_segment(uint32_t dim) { return std::clamp<uint32_t>((1u << 20) / (2 * dim), 64, 65536); }

std::optional<IndexImage> parse_index(std::span<const std::byte> file, std::string_view uuid, uint32_t dim) {
  const auto raw = read_raw<RawHeader>(file, kHeaderMagic);
  if (!raw || raw->version != kIndexVersion || raw->dim != dim || view(raw->uuid) != uuid ||
      raw->slots_per_segment < 64 || raw->slots_per_segment > 65536)
    return std::nullopt;
  IndexImage image;
  image.header = {std::string(uuid), dim, raw->slots_per_segment};
  auto rest = file.subspan(sizeof(RawHeader));
  int64_t after = 0;
  while (const auto segment = parse_segment(rest, image.header, after)) {
    image.segments.push_back(*segment);
    after = segment->last;
    rest = rest.subspan(sizeof(RawSegment) + segment->payload.size());
  }
  image.clean = rest.empty();
  return image;
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

std::vector<std::byte> encode_header(const IndexHeader& header) {
  RawHeader raw{};
  raw.magic = kHeaderMagic;
  raw.version = kIndexVersion;
  raw.dim = header.dim;
  raw.slots_per_segment = header.slots_per_segment;
  set(raw.uuid, header.uuid);
  set(raw.hash, hash_of(raw));
  const auto bytes = std::as_bytes(std::span(&raw, 1));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> encode_segment(const Segment& segment, uint32_t dim) {
  const size_t rows = segment.slots.size();
  const Layout layout = Layout::of(rows, dim).value_or(Layout{});
  std::vector<std::byte> bytes(sizeof(RawSegment) + layout.size);
  const auto put = [&](size_t offset, std::span<const std::byte> part) {
    std::copy(part.begin(), part.end(), bytes.begin() + static_cast<ptrdiff_t>(sizeof(RawSegment) + offset));
  };
  put(0, std::as_bytes(segment.slots));
  put(layout.ids, std::as_bytes(segment.ids));
  put(layout.values, std::as_bytes(segment.values));
  RawSegment raw{kSegmentMagic, segment.after, segment.last, segment.dead, segment.token, rows, {}, {}, {}};
  set(raw.payload_hash, io::content_hash(std::span(bytes).subspan(sizeof(RawSegment))));
  set(raw.hash, hash_of(raw));
  std::memcpy(bytes.data(), &raw, sizeof raw);
  return bytes;
}

}  // namespace elanus::store_local
