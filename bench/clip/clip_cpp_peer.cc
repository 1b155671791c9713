// clip.cpp (github.com/monatis/clip.cpp) on the same weights and inputs; commands as elanus.cc. Not part of the build: README.md says how to
// compile it beside clip.cpp's libraries. It takes real tokens only, so `padded` is `text`.
//   clip_cpp_peer MODEL.gguf PIXELS THREADS TOKEN...
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "clip.h"
#include "repeats.h"

namespace {

constexpr int kSide = 224;
constexpr size_t kValues = size_t{kSide} * kSide * 3;
constexpr float kMean[] = {0.48145466f, 0.4578275f, 0.40821073f}, kDeviation[] = {0.26862954f, 0.26130258f, 0.27577711f};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: clip_cpp_peer MODEL.gguf PIXELS THREADS TOKEN...\n");
    return 2;
  }
  clip_ctx* const model = clip_model_load(argv[1], 0);
  if (!model) return 3;
  const int threads = std::atoi(argv[3]);
  std::ifstream file(argv[2], std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  std::vector<float> values(bytes.size());
  for (size_t i = 0; i < bytes.size(); ++i)
    values[i] = (static_cast<unsigned char>(bytes[i]) / 255.0f - kMean[i % 3]) / kDeviation[i % 3];
  std::vector<clip_image_f32> pictures;
  for (size_t at = 0; at + kValues <= values.size(); at += kValues)
    pictures.push_back({kSide, kSide, &values[at], kValues});
  std::vector<clip_vocab_id> ids;
  for (int i = 4; i < argc; ++i) ids.push_back(std::atoi(argv[i]));
  const clip_tokens tokens{ids.data(), ids.size()};
  const auto dim = static_cast<size_t>(clip_get_vision_hparams(model)->projection_dim);
  std::vector<float> vectors((pictures.size() + 1) * dim);
  const auto text = [&] { clip_text_encode(model, threads, &tokens, &vectors[pictures.size() * dim], true); };
  const auto images = [&](size_t batch) {
    const clip_image_f32_batch some{pictures.data(), batch};
    clip_image_batch_encode(model, threads, &some, vectors.data(), true);
  };
  std::string command;
  while (std::cin >> command) {
    size_t batch = 1;
    int repeats = 1;
    if (command == "answer") {
      for (size_t i = 0; i < pictures.size(); ++i) clip_image_encode(model, threads, &pictures[i], &vectors[i * dim], true);
      text();
      std::cout.precision(9);
      for (const float value : vectors) std::cout << value << ' ';
      std::cout << std::endl;
    } else if (command == "image" && std::cin >> batch >> repeats && batch <= pictures.size()) {
      time_repeats(repeats, [&] { images(batch); });
    } else if (std::cin >> repeats) {
      time_repeats(repeats, text);
    }
  }
  clip_free(model);
}
