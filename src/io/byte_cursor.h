// Walks over bytes from outside, never beyond them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

namespace elanus::io {

class ByteCursor {
 public:
  explicit ByteCursor(std::span<const std::byte> bytes) : bytes_(bytes) {}

  size_t at() const { return at_; }

  // The next `count` bytes, or nothing when they are not all there.
  std::optional<std::string_view> take(uint64_t count) {
    if (count > bytes_.size() - at_) return std::nullopt;
    const auto* data = reinterpret_cast<const char*>(bytes_.data()) + at_;
    at_ += count;
    return std::string_view(data, count);
  }
  // A little-endian number of 1 to 8 bytes.
  std::optional<uint64_t> take_number(size_t size) {
    const auto data = take(size);
    if (!data) return std::nullopt;
    uint64_t value = 0;
    std::memcpy(&value, data->data(), size);
    return value;
  }
  std::optional<std::string_view> take_line() {
    const std::string_view rest(reinterpret_cast<const char*>(bytes_.data()) + at_, bytes_.size() - at_);
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    at_ += end + 1;
    return rest.substr(0, end);
  }

 private:
  std::span<const std::byte> bytes_;
  size_t at_ = 0;
};

}  // namespace elanus::io
