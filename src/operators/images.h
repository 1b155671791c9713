// Operators on pictures. Thread-safety: all const, any number of calls at once.
#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "clip/clip.h"
#include "image/image.h"

namespace elanus::operators {

using Bytes = std::vector<std::byte>;

// A path -> the bytes of the file. Errors name the path.
struct ImageLoad {
  size_t max_bytes = size_t{1} << 29;
  Result<Bytes> operator()(const std::string& path) const;
};
inline ImageLoad image_load() { return {}; }

// A path, or the bytes of a file -> the picture. Under parallel(n) up to 2n pictures of options.max_pixels
// are in memory.
struct ImageDecode {
  image::DecodeOptions options;
  Result<image::Image> operator()(const std::string& path) const;
  Result<image::Image> operator()(const Bytes& bytes) const;
};
inline ImageDecode image_decode(const image::DecodeOptions& options = {}) { return {options}; }

// A picture -> the model's input: resized and cropped. Embedding does it too, but one picture after the
// other: under parallel(n) this is the faster way, and the smaller one in memory.
struct ImagePrepare {
  const clip::Clip& clip;
  Result<clip::PreparedImage> operator()(const image::Image& picture) const { return clip.prepare(picture); }
};
inline ImagePrepare image_prepare(const clip::Clip& clip) { return {clip}; }

// A picture -> the picture inside side x side pixels; a smaller one stays as it is.
struct ToThumbnail {
  uint32_t side;
  Result<image::Image> operator()(const image::Image& picture) const;
};
inline ToThumbnail to_thumbnail(uint32_t side = 240) { return {side}; }

// A path -> the path from `folder`, as the paths in a CSV are meant from the CSV's folder; an absolute one
// stays.
struct RelativeTo {
  std::filesystem::path folder;
  std::string operator()(const std::string& path) const {
    return (folder / path).lexically_normal().native();
  }
};
inline RelativeTo relative_to(const std::filesystem::path& folder) { return {folder}; }

}  // namespace elanus::operators
