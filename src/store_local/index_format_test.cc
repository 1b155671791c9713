#include "store_local/index_format.h"

#include <gmock/gmock.h>

#include <cstring>
#include <numeric>
#include <optional>
#include <random>

#include "base/f16.h"
#include "index/codes.h"
#include "io/file.h"
#include "store_local/lists_guard.h"

namespace elanus::store_local {
namespace {

const std::string kUuid = "0123456789abcdef0123456789abcdef";

// The bytes of a file, and their spans as a mapping would give them. Rows of some value and no codes, or of
// random ones and codes by a frame of their own.
class Written {
 public:
  explicit Written(uint32_t dim, std::vector<size_t> rows_each, bool coded = false) : dim_(dim) {
    add(encode_header({kUuid, dim, 64}));
    if (coded) {
      std::mt19937 random(1);
      std::vector<uint16_t> sample(size_t{100} * dim);
      for (uint16_t& value : sample) value = base::f32_to_f16(static_cast<float>(random() % 100) / 1000);
      frame_.emplace(index::Frame::learn(dim, sample).value());
      add(encode_frame(*frame_, 640));
    }
    int64_t after = 0;
    for (const size_t rows : rows_each) {
      std::vector<int64_t> slots(rows), ids(rows);
      std::vector<uint16_t> values(rows * dim);
      std::iota(slots.begin(), slots.end(), after + 1);
      std::iota(ids.begin(), ids.end(), 1000 + after);
      std::iota(values.begin(), values.end(), static_cast<uint16_t>(after));
      std::vector<uint8_t> codes(coded ? index::coded_bytes(dim, rows) : 0);
      if (coded) index::encode(*frame_, values, codes);
      OwnedAttributes attributes;
      for (size_t row = 0; row < rows; ++row) attributes.add(picture(row));
      Segment segment{after, after + 64, 5, 77, slots, ids, values, codes, {}, {}, {}};
      segment.touched = 3;
      segment.columns = attributes.view();
      add_segment(segment);
      after += 64;
    }
  }
  void add_segment(const Segment& segment) {
    const EncodedSegment encoded = encode_segment(segment, dim_);
    add(encoded.before);
    const auto values = std::as_bytes(segment.values);
    bytes_.insert(bytes_.end(), values.begin(), values.end());
    add(encoded.after);
  }
  static store::Picture picture(size_t row) {
    store::Picture picture;
    picture.path = row % 2 == 0 ? "a.JPEG" : "b";
    picture.size = 100 + static_cast<int64_t>(row);
    picture.height = 7;
    picture.label = row % 3 == 0 ? "" : "label " + std::to_string(row % 3);
    return picture;
  }
  void add(const std::vector<std::byte>& bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  std::optional<IndexImage> parsed() const { return parse_index(bytes_, kUuid, dim_); }

  // Puts a right checksum on a header that was changed, so that the check behind it is reached.
  void sign_header(size_t at, size_t size = 128) {
    const std::string hash = io::content_hash(std::span(bytes_).subspan(at, size - 32));
    std::memcpy(bytes_.data() + at + size - 32, hash.data(), 32);
  }
  template <class T>
  void set(size_t at, T value) {
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }

  // Where one of the lists begins, with right checksums.
  void set_begin(size_t place, uint32_t block) {
    const ListsBytes lists = parsed()->lists.at(0);
    const auto at = [&](const void* there) {
      return static_cast<size_t>(static_cast<const std::byte*>(there) - bytes_.data());
    };
    const size_t header = at(lists.payload.data()) - 128;
    set<uint32_t>(at(&lists.begin[place]), block);
    std::memcpy(bytes_.data() + header + 64, io::content_hash(lists.payload).data(), 32);
    sign_header(header);
  }

  // How many segments are there whose payload and rows are all sound, in front.
  size_t sound() const {
    const auto image = parsed();
    if (!image) return 0;
    for (const FrameBytes& frame : image->frames)
      if (!payload_is_whole(frame)) return frame.segment;
    size_t good = 0;
    for (const Segment& segment : image->segments) {
      if (!payload_is_whole(segment)) return good;
      for (size_t row = 0; row < segment.slots.size(); ++row)
        if (!row_is_sound(segment, row)) return good;
      for (size_t column = 0; column < kAttributeColumns; ++column)
        if (!column_is_sound(segment, column)) return good;
      ++good;
    }
    return good;
  }

  std::vector<std::byte> bytes_;

 private:
  uint32_t dim_;
  std::optional<index::Frame> frame_;
};

TEST(IndexFormat, GoesThereAndBack) {
  for (const uint32_t dim : {1u, 3u, 64u}) {
    const Written file(dim, {64, 0, 7});
    const auto image = file.parsed();
    ASSERT_TRUE(image);
    EXPECT_TRUE(image->clean);
    EXPECT_EQ(image->header.slots_per_segment, 64u);
    ASSERT_EQ(image->segments.size(), 3u);
    const Segment& last = image->segments[2];
    EXPECT_EQ(last.after, 128);
    EXPECT_EQ(last.last, 192);
    EXPECT_EQ(last.dead, 5);
    EXPECT_EQ(last.token, 77);
    EXPECT_EQ(last.touched, 3);
    EXPECT_THAT(last.slots, testing::ElementsAre(129, 130, 131, 132, 133, 134, 135));
    EXPECT_EQ(last.ids[6], 1134);
    EXPECT_EQ(last.values.size(), 7 * dim);
    EXPECT_EQ(last.values[1 % last.values.size()], 128 + 1 % last.values.size());
    EXPECT_EQ(file.sound(), 3u);
  }
}

TEST(IndexFormat, ColumnsGoThereAndBack) {
  const Written file(2, {5});
  const auto image = file.parsed();
  const AttributeColumns& columns = image->segments.at(0).columns;
  EXPECT_THAT(columns.numbers[0], testing::ElementsAre(100, 101, 102, 103, 104)) << "size";
  EXPECT_THAT(columns.numbers[2], testing::Each(0)) << "captured";
  EXPECT_THAT(columns.numbers[4], testing::Each(7)) << "height";
  EXPECT_EQ(columns.texts[0].words(), 3u);
  for (size_t row = 0; row < 5; ++row) {
    EXPECT_EQ(columns.texts[0].text(columns.texts[0].word[row]), Written::picture(row).label);
    EXPECT_EQ(columns.texts[2].text(columns.texts[2].word[row]), row % 2 == 0 ? "jpg" : "");
  }
}

TEST(IndexFormat, CodesAndTheirFrameGoThereAndBack) {
  const Written file(128, {64, 0, 33}, true);
  const auto image = file.parsed();
  ASSERT_TRUE(image && image->clean);
  ASSERT_EQ(image->frames.size(), 1u);
  EXPECT_EQ(image->frames[0].learnt_at, 640);
  EXPECT_EQ(image->frames[0].segment, 0u);
  EXPECT_EQ(image->frames[0].centre.size(), 128u);
  EXPECT_EQ(image->frames[0].shrink.size(), 128u * 128);
  ASSERT_EQ(image->segments.size(), 3u);
  EXPECT_EQ(image->segments[2].codes.size(), index::coded_bytes(128, 33));
  EXPECT_EQ(file.sound(), 3u);
}

TEST(IndexFormat, RowsBeginOnCacheLines) {
  const Written file(5, {3, 9});
  const auto image = file.parsed();
  for (const Segment& segment : image->segments)
    EXPECT_EQ((reinterpret_cast<const std::byte*>(segment.values.data()) - file.bytes_.data()) % 64, 0);
}

// A reserved byte counts too: it is part of what is signed. Only the zeros behind a segment's values say
// nothing.
TEST(IndexFormat, EveryFlippedBitIsSeen) {
  Written file(32, {3, 2});
  for (size_t bit = 0; bit < file.bytes_.size() * 8; ++bit) {
    file.bytes_[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    EXPECT_LT(file.sound(), 2u) << "bit " << bit;
    file.bytes_[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
  }
}

TEST(IndexFormat, EveryFlippedByteOfAFrameIsSeen) {
  Written file(128, {3}, true);
  for (size_t at = 128; at < file.bytes_.size(); at += at < 1024 ? 1 : 97) {
    file.bytes_[at] ^= std::byte{0x10};
    // 128 values: rows end on a cache line, and nothing behind them is unsigned.
    EXPECT_EQ(file.sound(), 0u) << at;
    file.bytes_[at] ^= std::byte{0x10};
  }
}

TEST(IndexFormat, EveryTruncationIsSeen) {
  const Written file(2, {3, 2});
  for (size_t size = 0; size < file.bytes_.size(); ++size) {
    const auto image = parse_index(std::span(file.bytes_).first(size), kUuid, 2);
    EXPECT_EQ(image.has_value(), size >= 128);
    if (image) {
      EXPECT_LT(image->segments.size(), 2u);
    }
  }
}

TEST(IndexFormat, OnlyOurs) {
  const Written file(2, {3});
  EXPECT_FALSE(parse_index(file.bytes_, "f123456789abcdef0123456789abcdef", 2));
  EXPECT_FALSE(parse_index(file.bytes_, kUuid, 3));
  Written future(2, {3});
  future.set<uint32_t>(8, kIndexVersion + 1);
  future.sign_header(0);
  EXPECT_FALSE(future.parsed());
}

TEST(IndexFormat, LiesWithARightChecksumAreRefused) {
  const auto segments = [](size_t at, auto value) {
    Written file(2, {3});
    file.set(128 + at, value);
    file.sign_header(128, 256);
    const auto image = file.parsed();
    return image ? image->segments.size() : 99;
  };
  EXPECT_EQ(segments(176, uint64_t{7}), 1u) << "reserved bytes are not looked at";
  EXPECT_EQ(segments(64, uint64_t{4}), 0u) << "words: more than rows";
  EXPECT_EQ(segments(88, uint64_t{1 << 20}), 0u) << "bytes of words: more than there are";
  EXPECT_EQ(segments(88, ~uint64_t{0}), 0u);
  EXPECT_EQ(segments(48, uint64_t{1}), 0u) << "coded, and there is no frame";
  EXPECT_EQ(segments(8, int64_t{64}), 0u) << "after: not where the chain is";
  EXPECT_EQ(segments(16, int64_t{0}), 0u) << "last: not beyond after";
  EXPECT_EQ(segments(16, int64_t{65}), 0u) << "last: more slots than a segment has";
  EXPECT_EQ(segments(16, std::numeric_limits<int64_t>::min()), 0u);
  EXPECT_EQ(segments(40, uint64_t{65}), 0u) << "rows: more than slots";
  EXPECT_EQ(segments(40, uint64_t{64}), 0u) << "rows: more than bytes";
  EXPECT_EQ(segments(40, ~uint64_t{0}), 0u);
}

TEST(IndexFormat, SlotsOutOfOrderAreNotWhole) {
  const std::vector<int64_t> slots{2, 2}, beyond{1, 65}, ids{1, 2};
  const std::vector<uint16_t> values(4);
  for (const auto& wrong : {slots, beyond}) {
    Written file(2, {});
    file.add_segment({0, 64, 0, 1, wrong, ids, values, {}, {}, {}, {}});
    const auto image = file.parsed();
    ASSERT_EQ(image->segments.size(), 1u);
    EXPECT_FALSE(payload_is_whole(image->segments[0]));
  }
}

TEST(IndexFormat, SegmentsAreOfUsefulSizes) {
  EXPECT_EQ(least_segment(512), 1024u);
  EXPECT_EQ(largest_segment(512), 65536u);
  EXPECT_EQ(least_segment(1), 65536u);
  EXPECT_EQ(least_segment(65536), 64u);
  EXPECT_EQ(largest_segment(65536), 512u);
}

// Two lists of the first segment's three rows.
index::OwnedLists two_lists(uint32_t dim, bool coded) {
  index::OwnedLists lists;
  lists.centres.assign(2 * dim, 0x3c00);
  if (coded) lists.covariance.assign(size_t{dim} * dim, 0x3c00);
  lists.spread = {0.5f, 0.25f};
  lists.begin = {0, 1, 2};
  lists.bodies.resize(2 * index::list_block_bytes(dim, coded), 7);
  return lists;
}

TEST(IndexFormat, ListsAreReadAsWritten) {
  for (const bool coded : {false, true}) {
    const uint32_t dim = coded ? 128 : 2;
    Written file(dim, {3, 64}, coded);
    const index::OwnedLists lists = two_lists(dim, coded);
    file.add(encode_lists(lists, dim, 64, coded));
    const auto bodies = std::as_bytes(std::span(lists.bodies));
    file.add({bodies.begin(), bodies.end()});
    const auto image = file.parsed();
    ASSERT_TRUE(image && image->clean);
    ASSERT_EQ(image->lists.size(), 1u);
    const ListsBytes& read = image->lists[0];
    EXPECT_EQ(read.last, 64);
    EXPECT_EQ(read.segments, 1u);
    EXPECT_EQ(read.coded, coded);
    EXPECT_THAT(read.centres, testing::ElementsAreArray(lists.centres));
    EXPECT_THAT(read.covariance, testing::ElementsAreArray(lists.covariance));
    EXPECT_THAT(read.spread, testing::ElementsAreArray(lists.spread));
    EXPECT_THAT(read.begin, testing::ElementsAreArray(lists.begin));
    EXPECT_THAT(read.bodies, testing::ElementsAreArray(lists.bodies));
    EXPECT_TRUE(payload_is_whole(read));
    EXPECT_TRUE(ListsGuard(read).all_sound());
  }
}

TEST(IndexFormat, ListsThatAreNotWhole) {
  const index::OwnedLists lists = two_lists(2, false);
  const auto with = [&](int64_t last, bool coded) {
    Written file(2, {3});
    file.add(encode_lists(lists, 2, last, coded));
    const auto bodies = std::as_bytes(std::span(lists.bodies));
    file.add({bodies.begin(), bodies.end()});
    return file;
  };
  ASSERT_TRUE(payload_is_whole(with(64, false).parsed()->lists.at(0)));
  EXPECT_TRUE(with(63, false).parsed()->lists.empty()) << "of no segment";
  EXPECT_TRUE(with(64, true).parsed()->lists.empty()) << "codes without a frame";
  const auto whole_with = [&](size_t place, uint32_t block) {
    Written file = with(64, false);
    file.set_begin(place, block);
    return payload_is_whole(file.parsed()->lists.at(0));
  };
  EXPECT_TRUE(whole_with(1, 0)) << "a list may be empty";
  EXPECT_FALSE(whole_with(0, 1)) << "does not begin with the first block";
  EXPECT_FALSE(whole_with(1, 3)) << "not ascending, and beyond the bodies";
  EXPECT_FALSE(whole_with(2, 1)) << "does not end with the last block";
  EXPECT_FALSE(whole_with(2, UINT32_MAX));
}

}  // namespace
}  // namespace elanus::store_local
