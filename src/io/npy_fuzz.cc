#include <cstdint>

#include "io/npy.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  (void)elanus::io::parse_npy(std::as_bytes(std::span(data, size)), "fuzz");
  return 0;
}
