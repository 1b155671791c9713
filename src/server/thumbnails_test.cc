#include "server/thumbnails.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "image/png_writer.h"
#include "io/file.h"

namespace elanus::server {
namespace {

namespace fs = std::filesystem;

class ThumbnailsTest : public testing::Test {
 protected:
  ThumbnailsTest() {
    std::string name = (fs::temp_directory_path() / "elanus-thumbnails-XXXXXX").native();
    folder_ = ::mkdtemp(name.data());
    cache_ = folder_ / "cache";
  }
  ~ThumbnailsTest() override { fs::remove_all(folder_); }

  // A picture of its own for each seed.
  store::Picture picture(const std::string& name, uint32_t width, uint32_t height, uint8_t seed) {
    image::Image pixels{width, height, std::vector<uint8_t>(size_t{3} * width * height), width, height};
    for (size_t i = 0; i < pixels.rgb.size(); ++i) pixels.rgb[i] = static_cast<uint8_t>(i * i / 7 + seed);
    store::Picture picture;
    picture.path = (folder_ / name).native();
    const auto bytes = image::encode_png(pixels).value();
    EXPECT_TRUE(io::write_file_atomic(picture.path, bytes).ok());
    picture.content_hash = io::content_hash(bytes);
    return picture;
  }

  image::Image made(Thumbnails& thumbnails, const store::Picture& picture, ThumbSize size) {
    auto thumb = thumbnails.get(picture, size);
    EXPECT_TRUE(thumb.ok()) << thumb.error().message();
    std::vector<std::byte> bytes(thumb->size);
    if (thumb->file.get() < 0)
      std::copy_n(reinterpret_cast<const std::byte*>(thumb->bytes.data()), bytes.size(), bytes.data());
    else
      EXPECT_EQ(::pread(thumb->file.get(), bytes.data(), bytes.size(), 0),
                static_cast<ssize_t>(bytes.size()));
    EXPECT_EQ(image::sniff(bytes).value(), image::Format::jpeg);
    return image::decode(bytes).value();
  }

  size_t files() {
    size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(cache_)) count += entry.is_regular_file();
    return count;
  }

  fs::path folder_, cache_;
  Metrics metrics_;
  DecodeGate gate_;
};

TEST_F(ThumbnailsTest, FitsItsBoundsAndIsNeverLarger) {
  Thumbnails thumbnails(cache_, 1 << 30, gate_, metrics_);
  const auto size = [&](const store::Picture& picture, ThumbSize which) {
    const auto image = made(thumbnails, picture, which);
    return std::pair(image.width, image.height);
  };
  EXPECT_EQ(size(picture("a.png", 1440, 720, 1), ThumbSize::grid), std::pair(720u, 360u));
  EXPECT_EQ(size(picture("a.png", 1440, 720, 1), ThumbSize::small), std::pair(512u, 256u));
  EXPECT_EQ(size(picture("b.png", 300, 200, 2), ThumbSize::grid), std::pair(300u, 200u));
  EXPECT_EQ(size(picture("c.png", 4000, 100, 3), ThumbSize::grid), std::pair(960u, 24u));
  EXPECT_EQ(size(picture("d.png", 2400, 1, 4), ThumbSize::window), std::pair(1920u, 1u));
}

TEST_F(ThumbnailsTest, IsMadeOnceAndKept) {
  Thumbnails thumbnails(cache_, 1 << 30, gate_, metrics_);
  const auto one = picture("a.png", 64, 64, 1);
  made(thumbnails, one, ThumbSize::grid);
  EXPECT_GT(thumbnails.bytes_kept(), 0u);
  fs::remove(one.path);
  made(thumbnails, one, ThumbSize::grid);
  EXPECT_EQ(files(), 1u);
  EXPECT_EQ(thumbnails.get(one, ThumbSize::window).error().kind(), ErrorKind::not_found);
}

TEST_F(ThumbnailsTest, AFileThatWasCutShortIsMadeAgain) {
  Thumbnails thumbnails(cache_, 1 << 30, gate_, metrics_);
  const auto one = picture("a.png", 64, 64, 1);
  made(thumbnails, one, ThumbSize::grid);
  for (const auto& entry : fs::recursive_directory_iterator(cache_))
    if (entry.is_regular_file()) fs::resize_file(entry.path(), entry.file_size() / 2);
  EXPECT_EQ(made(thumbnails, one, ThumbSize::grid).width, 64u);
}

TEST_F(ThumbnailsTest, AFolderThatCannotBeWrittenToCostsOnlyTime) {
  io::write_text_atomic(cache_, "a file where the folder should be").value();
  Thumbnails thumbnails(cache_, 1 << 30, gate_, metrics_);
  EXPECT_EQ(made(thumbnails, picture("a.png", 64, 64, 1), ThumbSize::grid).width, 64u);
  EXPECT_EQ(thumbnails.bytes_kept(), 0u);
}

TEST_F(ThumbnailsTest, TheFolderStaysBounded) {
  Thumbnails thumbnails(cache_, 20'000, gate_, metrics_);
  for (uint8_t i = 0; i < 20; ++i)
    made(thumbnails, picture(std::to_string(i) + ".png", 100, 100, i), ThumbSize::grid);
  EXPECT_LE(thumbnails.bytes_kept(), 20'000u);
  EXPECT_LT(files(), 20u);
  EXPECT_GT(files(), 0u);
}

TEST_F(ThumbnailsTest, AChangedFileHasAnotherName) {
  auto one = picture("a.png", 8, 8, 1);
  const std::string before = pixels_name(one);
  EXPECT_EQ(before, one.content_hash);
  one.content_hash = "../../etc/passwd";
  const std::string unknown = pixels_name(one);
  EXPECT_EQ(unknown.size(), 32u);
  one.mtime_ns = 5;
  EXPECT_NE(pixels_name(one), unknown);
}

}  // namespace
}  // namespace elanus::server
