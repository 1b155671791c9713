#include "image/exif.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace elanus::image {
namespace {

int orientation(std::span<const uint8_t> exif) { return read_exif(exif).orientation; }

// EXIF data with one entry before the orientation, in either byte order.
std::vector<uint8_t> exif(bool big, uint16_t value, uint16_t type = 3) {
  std::vector<uint8_t> bytes;
  const auto put = [&](uint32_t number, size_t size) {
    for (size_t i = 0; i < size; ++i)
      bytes.push_back(static_cast<uint8_t>(number >> 8 * (big ? size - 1 - i : i)));
  };
  bytes.assign(2, big ? 'M' : 'I');
  put(42, 2), put(8, 4), put(2, 2);
  put(0x0100, 2), put(4, 2), put(1, 4), put(640, 4);
  put(0x0112, 2), put(type, 2), put(1, 4), put(value, 2), put(0, 2);
  put(0, 4);
  return bytes;
}

TEST(ExifOrientation, InEitherByteOrderWithAndWithoutPrefix) {
  for (const bool big : {false, true})
    for (uint16_t value = 1; value <= 8; ++value) {
      auto bytes = exif(big, value);
      EXPECT_EQ(orientation(bytes), value);
      const uint8_t prefix[] = {'E', 'x', 'i', 'f', 0, 0};
      bytes.insert(bytes.begin(), prefix, prefix + 6);
      EXPECT_EQ(orientation(bytes), value);
    }
}

TEST(ExifOrientation, IsOneWhenTheDataIsBroken) {
  EXPECT_EQ(orientation({}), 1);
  EXPECT_EQ(orientation(exif(true, 0)), 1);
  EXPECT_EQ(orientation(exif(true, 9)), 1);
  EXPECT_EQ(orientation(exif(true, 6, 7)), 1) << "not a SHORT";
  const auto good = exif(false, 6);
  const size_t end_of_entry = 8 + 2 + 24;
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_EQ(orientation(std::span(good).first(size)), size < end_of_entry ? 1 : 6) << size;
  for (size_t i = 0; i < good.size(); ++i) {  // a wild offset, count or tag leads nowhere
    auto wild = good;
    wild[i] = 0xff;
    const int read = orientation(wild);
    EXPECT_TRUE(read >= 1 && read <= 8);
  }
}

// A directory with texts and, behind it, one that it leads to.
class Camera {
 public:
  explicit Camera(bool big) : big_(big) {}
  Camera& first(uint32_t tag, std::string text) {
    first_.push_back({tag, std::move(text)});
    return *this;
  }
  Camera& second(uint32_t tag, std::string text) {
    second_.push_back({tag, std::move(text)});
    return *this;
  }
  std::vector<uint8_t> bytes() {
    bytes_.assign(2, big_ ? 'M' : 'I');
    put(42, 2), put(8, 4);
    const size_t second_at = 8 + 2 + 12 * (first_.size() + 1) + 4;
    text_at_ = second_at + 2 + 12 * second_.size() + 4;
    put(static_cast<uint32_t>(first_.size() + 1), 2);
    for (const auto& [tag, text] : first_) entry(tag, text);
    put(0x8769, 2), put(4, 2), put(1, 4), put(static_cast<uint32_t>(second_at), 4), put(0, 4);
    put(static_cast<uint32_t>(second_.size()), 2);
    for (const auto& [tag, text] : second_) entry(tag, text);
    put(0, 4);
    bytes_.insert(bytes_.end(), texts_.begin(), texts_.end());
    return bytes_;
  }

 private:
  void put(uint32_t number, size_t size) {
    for (size_t i = 0; i < size; ++i)
      bytes_.push_back(static_cast<uint8_t>(number >> 8 * (big_ ? size - 1 - i : i)));
  }
  void entry(uint32_t tag, const std::string& text) {
    put(tag, 2), put(2, 2), put(static_cast<uint32_t>(text.size() + 1), 4);
    if (text.size() < 4) {
      for (size_t i = 0; i < 4; ++i) bytes_.push_back(i < text.size() ? static_cast<uint8_t>(text[i]) : 0);
      return;
    }
    put(static_cast<uint32_t>(text_at_ + texts_.size()), 4);
    texts_ += text + '\0';
  }

  bool big_;
  std::vector<std::pair<uint32_t, std::string>> first_, second_;
  std::vector<uint8_t> bytes_;
  std::string texts_;
  size_t text_at_ = 0;
};

TEST(Exif, CameraAndTime) {
  for (const bool big : {false, true}) {
    const auto bytes = Camera(big)
                           .first(0x010f, "Canon")
                           .first(0x0110, "Canon EOS 5D  ")
                           .first(0x0132, "2024:01:01 00:00:00")
                           .second(0x9003, "2023:06:15 12:34:56")
                           .bytes();
    const Capture capture = read_exif(bytes).capture;
    EXPECT_EQ(capture.camera, "Canon EOS 5D");
    EXPECT_EQ(capture.captured_s, 1'686'832'496) << "2023-06-15T12:34:56Z";
  }
}

TEST(Exif, MakersAndModels) {
  const auto camera = [](const char* make, const char* model) {
    return read_exif(Camera(false).first(0x010f, make).first(0x0110, model).bytes()).capture.camera;
  };
  EXPECT_EQ(camera("NIKON CORPORATION", "NIKON D70"), "NIKON D70");
  EXPECT_EQ(camera("SONY", "DSC-W1"), "SONY DSC-W1");
  EXPECT_EQ(camera("LG", "K8"), "LG K8") << "texts that stand in the entry itself";
  EXPECT_EQ(camera("", "X"), "X");
  EXPECT_EQ(camera("Leica", ""), "Leica");
  EXPECT_EQ(camera("A\nB\xff", "C"), "AB C");
}

TEST(Exif, TimesThatAreNone) {
  const auto time = [](const char* text) {
    return read_exif(Camera(true).second(0x9003, text).bytes()).capture.captured_s;
  };
  EXPECT_EQ(time("1969:12:31 23:59:59"), -1);
  EXPECT_EQ(time("2024:02:29 00:00:00"), 1'709'164'800);
  for (const char* text :
       {"0000:00:00 00:00:00", "2023:02:29 00:00:00", "2023:13:01 00:00:00", "2023:06:15 24:00:00",
        "2023:06:15", "    :  :     :  :  ", "2023:06:15 12:3x:56", "+023:06:15 12:34:56"})
    EXPECT_EQ(time(text), 0) << text;
  EXPECT_EQ(read_exif(Camera(true).first(0x0132, "2024:02:29 00:00:00").bytes()).capture.captured_s,
            1'709'164'800);
}

TEST(Exif, CutOrWildItLeadsNowhere) {
  const auto good = Camera(false).first(0x0110, "a camera").second(0x9003, "2023:06:15 12:34:56").bytes();
  for (size_t size = 0; size < good.size(); ++size) {
    const Capture capture = read_exif(std::span(good).first(size)).capture;
    EXPECT_TRUE(capture.camera.empty() || capture.camera == "a camera") << size;
  }
  for (size_t i = 0; i < good.size(); ++i) {
    auto wild = good;
    wild[i] = 0xff;
    EXPECT_LE(read_exif(wild).capture.camera.size(), 64u);
  }
}

}  // namespace
}  // namespace elanus::image
