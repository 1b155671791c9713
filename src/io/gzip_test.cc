#include "io/gzip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace elanus::io {
namespace {
using testing::HasSubstr;

// printf 'a photo\n' | gzip -n9
constexpr std::array<unsigned char, 28> kPhoto = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03,
                                                  0x4b, 0x54, 0x28, 0xc8, 0xc8, 0x2f, 0xc9, 0xe7, 0x02, 0x00,
                                                  0x32, 0xce, 0xb3, 0x26, 0x08, 0x00, 0x00, 0x00};

std::span<const std::byte> photo() { return std::as_bytes(std::span(kPhoto)); }

TEST(Gunzip, GivesTheText) { EXPECT_EQ(gunzip(photo(), 8, "t.gz").value(), "a photo\n"); }

TEST(Gunzip, ReadsAllMembers) {
  std::string twice(reinterpret_cast<const char*>(kPhoto.data()), kPhoto.size());
  twice += twice;
  EXPECT_EQ(gunzip(std::as_bytes(std::span(twice)), 16, "t.gz").value(), "a photo\na photo\n");
}

TEST(Gunzip, IsBounded) {
  const auto text = gunzip(photo(), 7, "t.gz");
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().kind(), ErrorKind::too_large);
  EXPECT_THAT(text.error().message(), HasSubstr("expected at most 7 bytes"));
}

TEST(Gunzip, EveryCutIsNoticed) {
  for (size_t size = 0; size < kPhoto.size(); ++size) {
    const auto text = gunzip(photo().first(size), 100, "t.gz");
    ASSERT_FALSE(text.ok()) << size;
    EXPECT_EQ(text.error().kind(), ErrorKind::corrupt);
    EXPECT_THAT(text.error().message(), HasSubstr("t.gz is cut off"));
  }
}

TEST(Gunzip, DamageIsNoticed) {
  auto damaged = kPhoto;
  damaged[21] ^= 1;  // of the checksum
  EXPECT_THAT(gunzip(std::as_bytes(std::span(damaged)), 100, "t.gz").error().message(), HasSubstr("damaged"));
  EXPECT_THAT(gunzip(std::as_bytes(std::span("plain text")), 100, "t.gz").error().message(),
              HasSubstr("expected gzip"));
}

}  // namespace
}  // namespace elanus::io
