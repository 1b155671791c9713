#include "io/gzip.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto text = elanus::io::gunzip(std::as_bytes(std::span(data, size)), size_t{1} << 20, "fuzz");
  if (text.ok() && text->size() > size_t{1} << 20) std::abort();
  return 0;
}
