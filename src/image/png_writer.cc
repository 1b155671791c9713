#include "image/png_writer.h"

#include <png.h>

#include <string>

#include "base/checked.h"

namespace elanus::image {

Result<std::vector<std::byte>> encode_png(const Image& picture) {
  const auto expected = base::checked_mul(picture.width, picture.height, 3);
  if (!expected || *expected == 0 || picture.rgb.size() != *expected)
    return Error(ErrorKind::invalid_argument, "a picture of " + std::to_string(picture.width) + " x " +
                                                  std::to_string(picture.height) + " pixels with " +
                                                  std::to_string(picture.rgb.size()) + " bytes");
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = picture.width;
  png.height = picture.height;
  png.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
  std::vector<std::byte> bytes(size);
  if (!png_image_write_to_memory(&png, bytes.data(), &size, 0, picture.rgb.data(), 0, nullptr))
    return Error(ErrorKind::too_large, std::string("cannot write a PNG: ") + png.message);
  bytes.resize(size);
  return bytes;
}

}  // namespace elanus::image
