#include "io/digest.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace elanus::io {
namespace {

using namespace std::string_literals;

class Digest : public testing::Test {
 protected:
  ~Digest() override { std::filesystem::remove(path_); }
  void write(const std::string& text) const { std::ofstream(path_) << text; }
  const std::filesystem::path path_ =
      std::filesystem::path(testing::TempDir()) / ("elanus-digest-" + std::to_string(::getpid()));
};

// FIPS 180-4's example, and what `git hash-object` prints.
TEST_F(Digest, KnownContents) {
  write("abc");
  EXPECT_EQ(sha256_of_file(path_).value(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(git_blob_id(path_).value(), "f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f");
  write("");
  EXPECT_EQ(git_blob_id(path_).value(), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
}

TEST_F(Digest, OfBytes) {
  EXPECT_EQ(sha256("abc").substr(0, 4), "\xba\x78\x16\xbf");
  EXPECT_EQ(sha256("abc").substr(28), "\xf2\x00\x15\xad"s);
}

TEST_F(Digest, MoreThanOnePieceIsRead) {
  write(std::string((size_t{1} << 20) + 1, 'x'));
  EXPECT_EQ(sha256_of_file(path_).value(),
            "154b8ed3c2383ce429058768595935faf7851b5c38db2b1732594be1d88bc05a");
}

TEST_F(Digest, EitherKindIsCompared) {
  write("abc");
  EXPECT_TRUE(has_digest(path_, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad").value());
  EXPECT_TRUE(has_digest(path_, "f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f").value());
  EXPECT_FALSE(has_digest(path_, std::string(64, '0')).value());
  EXPECT_FALSE(has_digest(path_, "md5").ok());
  EXPECT_FALSE(has_digest(path_.native() + "-none", std::string(64, '0')).ok());
}

}  // namespace
}  // namespace elanus::io
