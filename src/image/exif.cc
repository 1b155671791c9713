#include "image/exif.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>

namespace elanus::image {
namespace {

enum Tag : uint32_t {
  kMake = 0x010f,
  kModel = 0x0110,
  kOrientation = 0x0112,
  kChanged = 0x0132,
  kExifDirectory = 0x8769,
  kTaken = 0x9003,
  kDigitized = 0x9004,
};
enum Type : uint32_t { kAscii = 2, kShort = 3, kLong = 4 };

// Longer than any camera's name, and as much of it as is worth keeping.
constexpr size_t kMaxText = 64;

class ExifReader {
 public:
  explicit ExifReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  // The first directory's place; nothing when this is no TIFF structure.
  std::optional<size_t> begin() {
    if (bytes_.size() < 8) return std::nullopt;
    big_ = bytes_[0] == 'M' && bytes_[1] == 'M';
    if (!big_ && !(bytes_[0] == 'I' && bytes_[1] == 'I')) return std::nullopt;
    if (load(2, 2) != 42) return std::nullopt;
    return load(4, 4);
  }

  // Calls `take(tag, entry)` for each entry that is there.
  template <class Take>
  void directory(size_t at, const Take& take) const {
    if (at > bytes_.size() - 2) return;
    const size_t entries = load(at, 2);
    for (size_t entry = at + 2, i = 0; i < entries && entry + 12 <= bytes_.size(); ++i, entry += 12)
      take(load(entry, 2), entry);
  }

  // A single number; 0 when it is something else.
  uint32_t number(size_t entry) const {
    const uint32_t type = load(entry + 2, 2);
    if (load(entry + 4, 4) != 1 || (type != kShort && type != kLong)) return 0;
    return load(entry + 8, type == kShort ? 2 : 4);
  }

  // Printable ASCII without blanks around it; empty when it is something else.
  std::string text(size_t entry) const {
    const size_t count = load(entry + 4, 4);
    if (load(entry + 2, 2) != kAscii) return {};
    const size_t at = count <= 4 ? entry + 8 : load(entry + 8, 4);
    if (at > bytes_.size() || count > bytes_.size() - at) return {};
    std::string text;
    for (const uint8_t byte : bytes_.subspan(at, std::min(count, kMaxText))) {
      if (byte == 0) break;
      if (byte >= ' ' && byte <= '~' && !(text.empty() && byte == ' ')) text += static_cast<char>(byte);
    }
    while (text.ends_with(' ')) text.pop_back();
    return text;
  }

 private:
  uint32_t load(size_t at, size_t size) const {
    uint32_t value = 0;
    for (size_t i = 0; i < size; ++i) value |= uint32_t{bytes_[at + i]} << 8 * (big_ ? size - 1 - i : i);
    return value;
  }

  std::span<const uint8_t> bytes_;
  bool big_ = false;
};

// "2023:06:15 12:34:56"; 0 when it is no such moment ("0000:00:00 00:00:00" stands for an unknown one).
int64_t seconds(std::string_view text) {
  if (text.size() != 19) return 0;
  const auto number = [&](size_t at, size_t size) {
    int value = -1;
    const auto [end, fault] = std::from_chars(text.data() + at, text.data() + at + size, value);
    return fault == std::errc() && end == text.data() + at + size ? value : -1;
  };
  const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2), month = number(5, 2),
            day = number(8, 2), year = number(0, 4);
  if (year < 1 || month < 0 || day < 0) return 0;
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return 0;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return int64_t{days} * 86'400 + hour * 3600 + minute * 60 + second;
}

// Most makers begin the model's name with their own, often a shorter one ("NIKON CORPORATION", "NIKON D70").
std::string camera(const std::string& make, const std::string& model) {
  const std::string_view first = std::string_view(make).substr(0, make.find(' '));
  if (model.empty() || make.empty() || model.starts_with(first)) return model.empty() ? make : model;
  return make + " " + model;
}

}  // namespace

Exif read_exif(std::span<const uint8_t> bytes) {
  constexpr uint8_t prefix[] = {'E', 'x', 'i', 'f', 0, 0};
  if (bytes.size() >= 6 && std::equal(prefix, prefix + 6, bytes.begin())) bytes = bytes.subspan(6);
  Exif exif;
  ExifReader reader(bytes);
  const auto first = reader.begin();
  if (!first) return exif;
  std::string make, model;
  int64_t taken = 0, digitized = 0, changed = 0;
  size_t second = 0;
  reader.directory(*first, [&](uint32_t tag, size_t entry) {
    if (tag == kMake) make = reader.text(entry);
    if (tag == kModel) model = reader.text(entry);
    if (tag == kChanged) changed = seconds(reader.text(entry));
    if (tag == kExifDirectory) second = reader.number(entry);
    if (tag == kOrientation)
      if (const uint32_t value = reader.number(entry); value >= 1 && value <= 8)
        exif.orientation = static_cast<int>(value);
  });
  if (second != 0)
    reader.directory(second, [&](uint32_t tag, size_t entry) {
      if (tag == kTaken) taken = seconds(reader.text(entry));
      if (tag == kDigitized) digitized = seconds(reader.text(entry));
    });
  exif.capture.captured_s = taken != 0 ? taken : digitized != 0 ? digitized : changed;
  exif.capture.camera = camera(make, model);
  return exif;
}

}  // namespace elanus::image
