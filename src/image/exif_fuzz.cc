#include <cstdlib>

#include "image/exif.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const elanus::image::Exif exif = elanus::image::read_exif({data, size});
  if (exif.orientation < 1 || exif.orientation > 8) std::abort();
  for (const char c : exif.capture.camera)
    if (c < ' ' || c > '~') std::abort();
  return 0;
}
