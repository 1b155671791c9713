// bench_preprocess: for each line "MODE FILE" on stdin, prepares the picture once and answers "MILLISECONDS
// HEX" or "error WORDS". MODE: exact (whole decode) or scaled (decoded no smaller than twice the model's
// input). HEX: the pixels, only after a line that begins with "show".
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "image/image.h"
#include "image/resize.h"

namespace {

using namespace elanus;
constexpr int64_t side = 224;

std::vector<char> read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

Result<std::vector<uint8_t>> prepare(std::span<const std::byte> bytes, bool scaled) {
  const auto picture = TRY(image::decode(
      bytes, {.scale_to_short_side = scaled ? uint32_t{2 * side} : 0u, .middle_for_side = side}));
  // Sizes as the reference computes them, from the picture's own size.
  const int64_t width = picture.full_width, height = picture.full_height;
  image::ResizeCrop plan{.crop_width = side, .crop_height = side};
  plan.width = width <= height ? side : side * width / height;
  plan.height = width <= height ? side * height / width : side;
  plan.crop_x = (plan.width - side) / 2;
  plan.crop_y = (plan.height - side) / 2;
  std::vector<uint8_t> out(side * side * 3);
  TRY(image::resize_crop(picture, plan, out));
  return out;
}

}  // namespace

int main() {
  std::map<std::string, std::vector<char>> files;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string mode, path;
    words >> mode;
    const bool show = mode == "show";
    if (show) words >> mode;
    words >> path;
    if (!files.contains(path)) files[path] = read_all(path);
    const double start = thread_ms();
    const auto pixels = prepare(std::as_bytes(std::span(files[path])), mode == "scaled");
    const double took = thread_ms() - start;
    if (!pixels.ok()) {
      std::printf("error %s\n", pixels.error().message().c_str());
    } else {
      std::printf("%.4f ", took);
      if (show)
        for (const uint8_t sample : *pixels) std::printf("%02x", sample);
      std::printf("\n");
    }
    std::fflush(stdout);
  }
}
