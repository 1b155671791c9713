// The headers of library.idx as they lie in the file, and where the arrays of a payload are.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/checked.h"
#include "index/lists.h"
#include "io/file.h"
#include "store_local/attributes.h"

namespace elanus::store_local {

// Numbers are in the byte order of the machine. On one of the other order the magic does not match, and the
// file is made anew: it is a cache.
constexpr uint64_t kHeaderMagic = 0x315844494e414c45;   // "ELANIDX1" in little-endian bytes
constexpr uint64_t kSegmentMagic = 0x314745534e414c45;  // "ELANSEG1"
constexpr uint64_t kFrameMagic = 0x314d52464e414c45;    // "ELANFRM1"
constexpr uint64_t kListsMagic = 0x3154534c4e414c45;    // "ELANLST1"
constexpr size_t kIndexAlignment = 64;

struct RawHeader {
  uint64_t magic;
  uint32_t version, dim, slots_per_segment;
  std::array<char, 32> uuid;
  std::array<char, 44> reserved;
  std::array<char, 32> hash;  // of all before it
};

struct RawFrame {
  uint64_t magic;
  int64_t learnt_at;
  std::array<char, 48> reserved;
  std::array<char, 32> payload_hash;
  std::array<char, 32> hash;  // of all before it
};

struct RawSegment {
  uint64_t magic;
  int64_t after, last, dead, token;
  uint64_t rows, coded;  // coded: 1 when there are codes, of the last frame before; else 0
  int64_t touched;
  std::array<uint64_t, kTextColumns> words, word_bytes;
  std::array<uint64_t, kAttributeColumns> column_checks;
  std::array<char, 16> reserved;
  std::array<char, 32> payload_hash;
  std::array<char, 32> hash;  // of all before it
};

struct RawLists {
  uint64_t magic;
  int64_t last;
  uint64_t lists, blocks;
  uint32_t coded;  // 1 when there are codes, of the last frame before; else 0
  std::array<char, 28> reserved;
  std::array<char, 32> payload_hash;
  std::array<char, 32> hash;  // of all before it
};
static_assert(sizeof(RawHeader) == 128 && sizeof(RawFrame) == 128 && sizeof(RawSegment) == 256 &&
              sizeof(RawLists) == 128);

template <class Raw>
std::string hash_of(const Raw& raw) {
  return io::content_hash(std::as_bytes(std::span(&raw, 1)).first(offsetof(Raw, hash)));
}

inline std::string_view text_of(const std::array<char, 32>& field) { return {field.data(), field.size()}; }
inline void set_text(std::array<char, 32>& field, std::string_view text) {
  std::copy_n(text.begin(), std::min(text.size(), field.size()), field.begin());
}

inline std::optional<size_t> aligned(std::optional<size_t> size) {
  if (size) size = base::checked_add(*size, kIndexAlignment - 1);
  if (size) *size -= *size % kIndexAlignment;
  return size;
}

// Each array of a payload begins on a cache line, for the loads of the scan.
struct SegmentLayout {
  size_t ids, checks, codes, values, size;  // slots are at 0; the payload ends where the values begin

  static std::optional<SegmentLayout> of(uint64_t rows, uint32_t dim, bool coded) {
    // No more rows than a segment may have: nothing below this can overflow but the values.
    if (rows > 65536) return std::nullopt;
    const size_t keys = *aligned(sizeof(int64_t) * rows), checks = *aligned(sizeof(uint32_t) * rows);
    const size_t codes = coded ? *aligned(index::coded_bytes(dim, rows)) : 0;
    const auto values = aligned(base::checked_mul(sizeof(uint16_t), size_t{dim}, rows));
    const size_t before = 2 * keys + checks + codes;
    const auto size = values ? base::checked_add(before, *values) : std::nullopt;
    if (!size) return std::nullopt;
    return SegmentLayout{keys, 2 * keys, 2 * keys + checks, before, *size};
  }
};

// Behind the values: number by number, then text by text, of each its words, where they begin, and their
// bytes. Each of these begins on a cache line.
struct ColumnLayout {
  struct Text {
    size_t begin, bytes;  // the column itself begins with what word each row has
  };
  std::array<size_t, kAttributeColumns + 1> columns;  // where each begins, and the end of the last
  std::array<Text, kTextColumns> texts;

  static std::optional<ColumnLayout> of(uint64_t rows, const std::array<uint64_t, kTextColumns>& words,
                                        const std::array<uint64_t, kTextColumns>& word_bytes) {
    if (rows > 65536) return std::nullopt;
    ColumnLayout layout{};
    for (size_t i = 0; i < kNumberColumns; ++i)
      layout.columns[i + 1] = layout.columns[i] + *aligned(sizeof(int64_t) * rows);
    for (size_t i = 0; i < kTextColumns; ++i) {
      if (words[i] > rows) return std::nullopt;
      Text& text = layout.texts[i];
      text.begin = layout.columns[kNumberColumns + i] + *aligned(sizeof(uint32_t) * rows);
      text.bytes = text.begin + *aligned(sizeof(uint64_t) * (words[i] + 1));
      const auto end = aligned(base::checked_add(text.bytes, size_t{word_bytes[i]}));
      if (!end) return std::nullopt;
      layout.columns[kNumberColumns + i + 1] = *end;
    }
    return layout;
  }
};

struct FrameLayout {
  size_t covariance, shrink, size;  // the centre is at 0

  explicit FrameLayout(uint32_t dim) {  // index::can_be_coded(dim)
    const size_t matrix = *aligned(sizeof(uint16_t) * dim * dim);
    covariance = *aligned(sizeof(float) * dim);
    shrink = covariance + matrix;
    size = shrink + matrix;
  }
};

struct ListsLayout {
  size_t covariance, spread, begin, checks, bodies,
      size;  // the centres are at 0; the payload ends where the bodies begin

  static std::optional<ListsLayout> of(uint64_t lists, uint64_t blocks, uint32_t dim, bool coded) {
    if (lists < 1 || lists > index::kMaxLists || blocks < 1 || blocks > UINT32_MAX) return std::nullopt;
    ListsLayout layout{};
    std::optional<size_t> at = aligned(base::checked_mul(sizeof(uint16_t), size_t{dim}, size_t{lists}));
    const auto place = [&](size_t& offset, std::optional<size_t> bytes) {
      if (!at || !bytes) return;
      offset = *at;
      at = base::checked_add(*at, *bytes);
    };
    place(layout.covariance,
          coded ? aligned(base::checked_mul(sizeof(uint16_t), size_t{dim}, size_t{dim})) : 0);
    place(layout.spread, aligned(sizeof(float) * lists));
    place(layout.begin, aligned(sizeof(uint32_t) * (lists + 1)));
    place(layout.checks, aligned(sizeof(uint64_t) * lists));
    place(layout.bodies, base::checked_mul(index::list_block_bytes(dim, coded), size_t{blocks}));
    if (!at) return std::nullopt;
    layout.size = *at;
    return layout;
  }
};

}  // namespace elanus::store_local
