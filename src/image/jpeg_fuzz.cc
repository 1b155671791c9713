#include "image/codec_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  elanus::image::fuzz(elanus::image::jpeg_decoder, data, size);
  return 0;
}
