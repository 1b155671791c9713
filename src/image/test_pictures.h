// The committed pictures of tests/inputs and their goldens, for the tests of this room.
#pragma once
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "image/image.h"

namespace elanus::image {

inline std::vector<std::byte> read_all(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> chars{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = std::as_bytes(std::span(chars));
  return {bytes.begin(), bytes.end()};
}

inline std::filesystem::path tests_folder() { return std::filesystem::path(ELANUS_SOURCE_DIR) / "tests"; }

// Regular files below a folder, sorted; none when it is absent.
inline std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::exists(folder)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// A raw PPM with the plain header that tools/golden/pictures.py writes.
inline Image read_golden(const std::filesystem::path& path) {
  const auto bytes = read_all(path);
  const std::string text(reinterpret_cast<const char*>(bytes.data()), std::min<size_t>(bytes.size(), 64));
  Image image;
  int header = 0;
  if (std::sscanf(text.c_str(), "P6\n%u %u\n255%n", &image.width, &image.height, &header) != 2) return image;
  const auto* pixels = reinterpret_cast<const uint8_t*>(bytes.data());
  image.rgb.assign(pixels + header + 1, pixels + bytes.size());
  return image;
}

struct Picture {
  std::string name;  // "png_fuzz/rgb.png"
  std::vector<std::byte> bytes;
  Image golden;
};

// Every picture that has a golden.
inline std::vector<Picture> pictures() {
  std::vector<Picture> all;
  const auto goldens = tests_folder() / "goldens" / "pictures";
  for (const auto& golden : files_below(goldens)) {
    const auto name = std::filesystem::relative(golden, goldens).replace_extension();
    all.push_back({name.string(), read_all(tests_folder() / "inputs" / name), read_golden(golden)});
  }
  return all;
}

// The largest difference of two samples, or 256 when the sizes differ.
inline int difference(const Image& a, const Image& b) {
  if (a.width != b.width || a.height != b.height || a.rgb.size() != b.rgb.size()) return 256;
  int most = 0;
  for (size_t i = 0; i < a.rgb.size(); ++i) most = std::max(most, std::abs(int{a.rgb[i]} - int{b.rgb[i]}));
  return most;
}

inline std::span<const std::byte> as_bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

// Like decode(as_bytes(text)): the fixed-size tests write their pictures as strings.
inline Result<Image> decode_text(const std::string& text, const DecodeOptions& options = {}) {
  return decode(as_bytes(text), options);
}

}  // namespace elanus::image
