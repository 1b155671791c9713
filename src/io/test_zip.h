// A small writer of stored zips for the tests.
#pragma once
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace elanus::io {

class TestZip {
 public:
  uint16_t method = 0, flags = 0;
  bool zip64 = false;  // sizes, offsets and the directory's place in the 64-bit records only

  void add(const std::string& name, const std::string& data) {
    const auto offset = text_.size();
    put(text_, 0x04034b50u), put(text_, uint16_t{45}), put(text_, flags), put(text_, method), put(text_, 0u);
    put(text_, 0u), put(text_, size(data.size())), put(text_, size(data.size()));
    put(text_, static_cast<uint16_t>(name.size())), put(text_, uint16_t{3});
    text_ += name + "pad" + data;

    put(directory_, 0x02014b50u), put(directory_, uint32_t{45}), put(directory_, flags),
        put(directory_, method);
    put(directory_, 0u), put(directory_, 0u), put(directory_, size(data.size())),
        put(directory_, size(data.size()));
    put(directory_, static_cast<uint16_t>(name.size())),
        put(directory_, static_cast<uint16_t>(zip64 ? 28 : 0));
    put(directory_, uint16_t{0}), put(directory_, uint16_t{0}), put(directory_, uint16_t{0}),
        put(directory_, 0u);
    put(directory_, size(offset));
    directory_ += name;
    if (zip64) {
      put(directory_, uint16_t{1}), put(directory_, uint16_t{24}), put(directory_, uint64_t{data.size()});
      put(directory_, uint64_t{data.size()}), put(directory_, uint64_t{offset});
    }
    ++entries_;
  }

  std::string finish() const {
    std::string all = text_ + directory_;
    if (zip64) {
      const uint64_t end = all.size();
      put(all, 0x06064b50u), put(all, uint64_t{44}), put(all, 0u), put(all, uint64_t{0}),
          put(all, uint64_t{entries_});
      put(all, uint64_t{entries_}), put(all, uint64_t{directory_.size()}), put(all, uint64_t{text_.size()});
      put(all, 0x07064b50u), put(all, 0u), put(all, end), put(all, 1u);
    }
    put(all, 0x06054b50u), put(all, 0u), put(all, static_cast<uint16_t>(zip64 ? 0xFFFF : entries_));
    put(all, static_cast<uint16_t>(zip64 ? 0xFFFF : entries_)), put(all, size(directory_.size()));
    put(all, size(text_.size())), put(all, uint16_t{0});
    return all;
  }

 private:
  uint32_t size(size_t value) const { return zip64 ? 0xFFFFFFFFu : static_cast<uint32_t>(value); }
  template <class T>
  static void put(std::string& to, T value) {
    to.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  std::string text_, directory_;
  uint32_t entries_ = 0;
};

inline std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

}  // namespace elanus::io
