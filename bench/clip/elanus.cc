// The towers under the clock. Reads commands from standard input, one per line, so that run.py can alternate
// with a peer:
//   image BATCH REPEATS     text REPEATS
// and answers with the milliseconds of each repeat, by the clock and of processor time; `answer` writes the
// vectors of all inputs for comparison.
//   bench_clip MODEL PIXELS TEXT THREADS CPU PRECISION
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "clip/clip.h"
#include "io/file.h"
#include "repeats.h"

namespace {

using elanus::clip::Clip;
using elanus::clip::PreparedImage;

void print(std::span<const float> values) {
  for (const float value : values) std::cout << value << ' ';
}

void answer(const Clip& clip, std::span<const PreparedImage> pictures, std::span<const std::string> text,
            std::span<float> vectors) {
  std::cout.precision(9);
  if (!clip.embed_images(pictures, vectors).ok()) return;
  print(vectors);
  print(clip.embed_texts(text).value()[0].vector);
  std::cout << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fprintf(stderr, "usage: bench_clip MODEL PIXELS TEXT THREADS CPU PRECISION\n");
    return 2;
  }
  const auto precision = elanus::clip::parse_precision(argv[6]);
  if (!precision.ok()) {
    std::fprintf(stderr, "%s\n", precision.error().message().c_str());
    return 2;
  }
  const auto clip = Clip::load(argv[1], {.threads = static_cast<unsigned>(std::stoul(argv[4])),
                                         .text_only = false,
                                         .packed = {.beside = true, .cache = {}},
                                         .precision = *precision,
                                         .cpu = argv[5]});
  const auto pixels = elanus::io::read_file(argv[2], size_t{1} << 30);
  if (!clip.ok() || !pixels.ok()) {
    std::fprintf(stderr, "%s\n", (clip.ok() ? pixels.error() : clip.error()).message().c_str());
    return 3;
  }
  const Clip& model = **clip;
  const size_t side = model.info().image_size, bytes = side * side * 3;
  std::vector<PreparedImage> pictures(pixels->size() / bytes);
  for (size_t i = 0; i < pictures.size(); ++i) {
    const auto* from = reinterpret_cast<const uint8_t*>(pixels->data()) + i * bytes;
    pictures[i].rgb.assign(from, from + bytes);
  }
  const std::vector<std::string> text{argv[3]};
  std::vector<float> vectors(pictures.size() * model.info().dim);
  std::string command;
  while (std::cin >> command) {
    size_t batch = 1;
    int repeats = 1;
    if (command == "answer") answer(model, pictures, text, vectors);
    if (command == "image" && std::cin >> batch >> repeats && batch <= pictures.size())
      time_repeats(repeats, [&] {
        (void)model.embed_images({pictures.data(), batch}, {vectors.data(), batch * model.info().dim});
      });
    if (command == "text" && std::cin >> repeats) time_repeats(repeats, [&] { (void)model.embed_texts(text); });
  }
}
