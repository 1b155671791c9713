#include <cstdlib>

#include "image/colour.h"

// The bytes as the embedded profile of a small picture of each layout.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace elanus::image;
  for (const Layout layout : {Layout::gray, Layout::rgb, Layout::rgba, Layout::cmyk}) {
    Pixels pixels{.width = 5, .height = 3, .layout = layout};
    for (size_t i = 0; i < 15 * channels(layout); ++i) pixels.samples.push_back(static_cast<uint8_t>(i * 37));
    pixels.icc.assign(data, data + size);
    apply_profile(pixels);
    if (pixels.samples.size() != 15 * channels(pixels.layout)) std::abort();
  }
  return 0;
}
