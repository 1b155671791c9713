// bench_fill FROM TO FOLDER COUNT SOURCES: a collection TO of COUNT pictures, out of the collection FROM of
// the first of them.
//
// FOLDER holds what make_pictures.py made: picture i is another crop of the same source as picture i -
// sources. Embedding a hundred thousand pictures takes long, so the i-th gets the vector and the size of the
// picture that it shares its source with, the vector turned by a random one of a fifth of its length: a
// neighbour, and never the same.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include "bench/measure.h"
#include "store_local/local_collection.h"

namespace {

using namespace elanus;
using bench::must;
namespace fs = std::filesystem;

constexpr size_t kTogether = 1000;
constexpr double kTurn = 0.2;

std::string name_of(size_t number) {
  char name[64];
  std::snprintf(name, sizeof name, "%04zu/%06zu.jpg", number / 200, number);
  return name;
}

}  // namespace

int main(int count, char** words) {
  if (count != 6) {
    std::fprintf(stderr, "usage: bench_fill FROM TO FOLDER COUNT SOURCES\n");
    return 2;
  }
  const fs::path folder = words[3];
  const size_t pictures = std::stoul(words[4]), sources = std::stoul(words[5]);
  const auto from = must(store_local::LocalCollection::open(words[1], store_local::OpenMode::read_only));
  const auto to = must(store_local::LocalCollection::create(words[2], from->schema()));
  const uint32_t dim = from->schema().dim;
  std::mt19937_64 random(7);
  std::normal_distribution<float> normal(0, static_cast<float>(kTurn / std::sqrt(dim)));
  for (size_t begin = 0; begin < pictures; begin += kTogether) {
    std::vector<std::vector<float>> vectors;
    std::vector<store::Item> items;
    for (size_t i = begin; i < std::min(begin + kTogether, pictures); ++i) {
      const auto known = must(from->find_by_path((folder / name_of(i % sources)).native()));
      if (!known) continue;
      auto vector = must(from->vector(known->id));
      if (i >= sources)
        for (float& value : vector) value += normal(random);
      vectors.push_back(std::move(vector));
      store::Item item;
      item.picture = known->picture;
      item.picture.path = (folder / name_of(i)).native();
      item.picture.size = static_cast<int64_t>(fs::file_size(item.picture.path));
      item.picture.content_hash.clear();
      items.push_back(std::move(item));
    }
    for (size_t i = 0; i < items.size(); ++i) items[i].vector = vectors[i];
    must(to->upsert(items));
  }
  std::printf("%llu pictures\n", static_cast<unsigned long long>(must(to->count())));
}
