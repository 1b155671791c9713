#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "image/image.h"
#include "image/test_pictures.h"

namespace elanus::image {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Pillow and this room use the same codecs in the same way, so their pixels are the same, not merely close.
TEST(Decode, GivesThePixelsThatPillowGives) {
  const auto all = pictures();
  ASSERT_GT(all.size(), 60u);
  for (const auto& picture : all) {
    const auto image = decode(picture.bytes);
    ASSERT_TRUE(image.ok()) << picture.name << ": " << image.error().message();
    // A profile is applied by whichever Little CMS is installed: its rounding may differ by a level.
    const int tolerance = picture.name.find("icc_swapped") == std::string::npos ? 0 : 1;
    EXPECT_LE(difference(*image, picture.golden), tolerance) << picture.name;
    EXPECT_EQ(image->full_width, image->width) << picture.name;
    EXPECT_EQ(image->full_height, image->height) << picture.name;
  }
}

TEST(Decode, ConvertsAProfileOnlyWhenAsked) {
  const auto folder = tests_folder() / "inputs" / "png_fuzz";
  const auto swapped = read_all(folder / "icc_swapped.png");
  const Image plain = decode(read_all(folder / "rgb.png")).value();
  EXPECT_EQ(difference(decode(swapped, {.convert_profile = false}).value(), plain), 0);
  EXPECT_GT(difference(decode(swapped).value(), plain), 100) << "red and blue change places";
}

TEST(Decode, ACutFileIsAnErrorOrStillTheWholePicture) {
  int refused = 0;
  for (const auto& picture : pictures()) {
    const std::span<const std::byte> bytes = picture.bytes;
    const Image whole = decode(bytes).value();
    const size_t step = 1 + bytes.size() / 150;
    for (size_t size = 0; size < bytes.size(); size += step) {
      const auto image = decode(bytes.first(size));
      if (image.ok())
        EXPECT_EQ(difference(*image, whole), 0) << picture.name << " cut to " << size << " bytes";
      else
        ++refused;
    }
  }
  EXPECT_GT(refused, 3000);
}

TEST(Decode, SeveralThreadsAtOnce) {
  const auto all = pictures();
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (const auto& picture : all) {
        const auto image = decode(picture.bytes);
        if (!image.ok() || difference(*image, picture.golden) > 1) ++wrong;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Sniff, KnowsAFormatByItsFirstBytes) {
  const std::pair<std::string, Format> cases[] = {
      {"\xff\xd8\xff\xe0", Format::jpeg},
      {"\x89PNG\r\n\x1a\n", Format::png},
      {"RIFF....WEBPVP8 ", Format::webp},
      {"GIF89a", Format::gif},
      {"GIF87a", Format::gif},
      {"BM", Format::bmp},
      {"II*\0"s, Format::tiff},
      {"MM\0*"s, Format::tiff},
      {"II+\0"s, Format::tiff},
      {"MM\0+"s, Format::tiff},
      {"P6\n", Format::pnm},
      {"P1#", Format::pnm},
  };
  for (const auto& [text, format] : cases) {
    const auto found = sniff(as_bytes(text));
    ASSERT_TRUE(found.ok()) << text;
    EXPECT_EQ(*found, format) << to_string(format);
  }
}

TEST(Sniff, NamesWhatItDoesNotRead) {
  const std::pair<std::string, const char*> cases[] = {
      {"\0\0\0 ftypavif"s, "AVIF"},
      {"\0\0\0 ftypheic"s, "HEIC"},
      {"\0\0\0\x0cjP  \r\n"s, "JPEG 2000"},
      {"%PDF-1.7", "PDF"},
      {"8BPS", "Photoshop"},
      {"", "empty"},
      {"\0\0\0\x18"s + "ftypmp42", "video"},
      {"hello", "not a picture"},
      {"P7\n", "PAM"},
  };
  for (const auto& [text, words] : cases) {
    const auto found = sniff(as_bytes(text));
    ASSERT_FALSE(found.ok()) << words;
    EXPECT_EQ(found.error().kind(), ErrorKind::unsupported);
    EXPECT_THAT(found.error().message(), HasSubstr(words));
    EXPECT_FALSE(decode_text(text).ok());
  }
}

// A PNG header of the given size; its checksum is never reached.
std::string png_header(uint32_t width, uint32_t height) {
  std::string png = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"s;
  for (const uint32_t side : {width, height})
    for (int shift = 24; shift >= 0; shift -= 8) png += static_cast<char>(side >> shift);
  return png + "\x08\x02\0\0\0"s + "\0\0\0\0"s + std::string(47, '\0');
}

TEST(Decode, RefusesABombInWords) {
  const auto image = decode_text(png_header(97'000'000, 1'049'000'000));
  ASSERT_FALSE(image.ok());
  EXPECT_EQ(image.error().kind(), ErrorKind::too_large);
  EXPECT_EQ(image.error().message(),
            "PNG: declares 97000000x1049000000 pixels, more than the cap of 100 megapixels; raise it with "
            "--max-megapixels");
}

TEST(Decode, DoesNotBelieveASizeThatItsDataCannotFill) {
  const std::string bmp = "BM" + std::string(8, '\0') +
                          "\x36\0\0\0\x28\0\0\0\x10\x27\0\0\x10\x27\0\0\1\0\x18\0"s + std::string(24, '\0');
  for (const std::string& text :
       {png_header(10000, 10000), "P6 10000 10000 255 "s, "P3 10000 10000 255 1 2 3"s, bmp}) {
    const auto image = decode_text(text);
    ASSERT_FALSE(image.ok());
    EXPECT_EQ(image.error().kind(), ErrorKind::corrupt) << image.error().message();
    EXPECT_THAT(image.error().message(), HasSubstr("its size needs at least"));
  }
}

TEST(Decode, AppliesTheCallersCap) {
  for (const auto& picture : pictures()) {
    const uint64_t pixels = uint64_t{picture.golden.width} * picture.golden.height;
    EXPECT_TRUE(decode(picture.bytes, {.max_pixels = pixels}).ok()) << picture.name;
    const auto image = decode(picture.bytes, {.max_pixels = pixels - 1});
    ASSERT_FALSE(image.ok()) << picture.name;
    EXPECT_EQ(image.error().kind(), ErrorKind::too_large) << picture.name;
    EXPECT_THAT(image.error().message(),
                HasSubstr("more than the cap of " + std::to_string(pixels - 1) + " pixels"));
  }
}

TEST(Decode, RefusesAPictureWithoutPixels) {
  for (const std::string& text : {png_header(0, 5), "P6 0 5 255 "s, "P6 5 0 255 "s}) {
    const auto image = decode_text(text);
    ASSERT_FALSE(image.ok());
    EXPECT_EQ(image.error().kind(), ErrorKind::corrupt) << image.error().message();
  }
}

// About 1,160 files that have crashed, hung or confused other decoders.
TEST(Decode, SurvivesTheHostileCollection) {
  const auto folder = std::filesystem::path(ELANUS_SOURCE_DIR) / ".." / "shared" / "data" / "edge";
  const auto files = files_below(folder);
  if (files.empty()) GTEST_SKIP() << folder << " is absent: the hostile pictures were not tried";
  size_t read = 0;
  for (const auto& file : files) {
    const auto image = decode(read_all(file), {.max_pixels = 100'000'000});
    if (image.ok()) {
      ++read;
      EXPECT_EQ(image->rgb.size(), size_t{image->width} * image->height * 3) << file;
    } else {
      EXPECT_NE(image.error().message(), "") << file;
    }
  }
  EXPECT_GT(read, files.size() * 9 / 10) << "most of these are odd but readable";
}

}  // namespace
}  // namespace elanus::image
