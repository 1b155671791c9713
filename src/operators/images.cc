#include "operators/images.h"

#include "image/fit.h"
#include "io/file.h"

namespace elanus::operators {

Result<Bytes> ImageLoad::operator()(const std::string& path) const { return io::read_file(path, max_bytes); }

Result<image::Image> ImageDecode::operator()(const std::string& path) const {
  return base::within(path, (*this)(TRY(image_load()(path))));
}

Result<image::Image> ImageDecode::operator()(const Bytes& bytes) const {
  return image::decode(bytes, options);
}

Result<image::Image> ToThumbnail::operator()(const image::Image& picture) const {
  if (picture.width <= side && picture.height <= side) return picture;
  return image::fit(picture, side, side);
}

}  // namespace elanus::operators
