#include "store_local/index_format.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <numeric>

#include "io/file.h"

namespace elanus::store_local {
namespace {

const std::string kUuid = "0123456789abcdef0123456789abcdef";

// The bytes of a file, and their spans as a mapping would give them.
class Written {
 public:
  explicit Written(uint32_t dim, std::vector<size_t> rows_each) : dim_(dim) {
    add(encode_header({kUuid, dim, 64}));
    int64_t after = 0;
    for (const size_t rows : rows_each) {
      std::vector<int64_t> slots(rows), ids(rows);
      std::vector<uint16_t> values(rows * dim);
      std::iota(slots.begin(), slots.end(), after + 1);
      std::iota(ids.begin(), ids.end(), 1000 + after);
      std::iota(values.begin(), values.end(), static_cast<uint16_t>(after));
      add(encode_segment({after, after + 64, 5, 77, slots, ids, values, {}, {}}, dim));
      after += 64;
    }
  }
  void add(const std::vector<std::byte>& bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  std::optional<IndexImage> parsed() const { return parse_index(bytes_, kUuid, dim_); }

  // Puts a right checksum on a header that was changed, so that the check behind it is reached.
  void sign_header(size_t at) {
    const std::string hash = io::content_hash(std::span(bytes_).subspan(at, 96));
    std::memcpy(bytes_.data() + at + 96, hash.data(), 32);
  }
  template <class T>
  void set(size_t at, T value) {
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }

  std::vector<std::byte> bytes_;

 private:
  uint32_t dim_;
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
    EXPECT_THAT(last.slots, testing::ElementsAre(129, 130, 131, 132, 133, 134, 135));
    EXPECT_EQ(last.ids[6], 1134);
    EXPECT_EQ(last.values.size(), 7 * dim);
    EXPECT_EQ(last.values[1 % last.values.size()], 128 + 1 % last.values.size());
    for (const Segment& segment : image->segments) EXPECT_TRUE(payload_is_whole(segment));
  }
}

TEST(IndexFormat, RowsBeginOnCacheLines) {
  const Written file(5, {3, 9});
  const auto image = file.parsed();
  for (const Segment& segment : image->segments)
    EXPECT_EQ((reinterpret_cast<const std::byte*>(segment.values.data()) - file.bytes_.data()) % 64, 0);
}

TEST(IndexFormat, EveryFlippedBitIsSeen) {
  Written file(2, {3, 2});
  for (size_t bit = 0; bit < file.bytes_.size() * 8; ++bit) {
    file.bytes_[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    const auto image = file.parsed();
    size_t good = 0;
    if (image)
      while (good < image->segments.size() && payload_is_whole(image->segments[good])) ++good;
    EXPECT_LT(good, 2u) << "bit " << bit;
    file.bytes_[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
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
    file.sign_header(128);
    const auto image = file.parsed();
    return image ? image->segments.size() : 99;
  };
  EXPECT_EQ(segments(48, uint64_t{0}), 1u) << "reserved bytes are not looked at";
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
    file.add(encode_segment({0, 64, 0, 1, wrong, ids, values, {}, {}}, 2));
    const auto image = file.parsed();
    ASSERT_EQ(image->segments.size(), 1u);
    EXPECT_FALSE(payload_is_whole(image->segments[0]));
  }
}

TEST(IndexFormat, SegmentsAreOfUsefulSizes) {
  EXPECT_EQ(slots_per_segment(512), 1024u);
  EXPECT_EQ(slots_per_segment(1), 65536u);
  EXPECT_EQ(slots_per_segment(65536), 64u);
}

}  // namespace
}  // namespace elanus::store_local
