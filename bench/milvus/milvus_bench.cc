// Our half of the comparison with pymilvus; compare.py runs both.
//
//   milvus_bench load  URI ROWS DIM BATCH   vectors, records and paths in batches; prints seconds
//   milvus_bench query URI DIM QUERIES      one search after the other, the ten best; prints milliseconds each
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "store_milvus/milvus_collection.h"

using namespace elanus;
using Clock = std::chrono::steady_clock;

namespace {

std::vector<float> random_values(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& value : values) value = normal(random);
  return values;
}

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

Result<void> load(const std::string& uri, size_t rows, uint32_t dim, size_t batch) {
  const auto values = random_values(rows * dim, 1);
  const auto place = TRY(store_milvus::parse_place(uri));
  const auto collection = TRY(store_milvus::MilvusCollection::create(place, {dim, store::Metric::cosine, {"bench", "1"}}));
  std::vector<store::Item> items;
  const auto begin = Clock::now();
  for (size_t row = 0; row < rows; ++row) {
    store::Item item;
    item.vector = std::span(values).subspan(row * dim, dim);
    item.picture.path = "/pictures/" + std::to_string(row) + ".jpg";
    items.push_back(std::move(item));
    if (items.size() < batch && row + 1 < rows) continue;
    TRY(collection->upsert(items));
    items.clear();
  }
  std::printf("%.3f\n", seconds_since(begin));
  return {};
}

Result<void> query(const std::string& uri, uint32_t dim, size_t queries) {
  const auto values = random_values(queries * dim, 2);
  const auto place = TRY(store_milvus::parse_place(uri));
  const auto collection = TRY(store_milvus::MilvusCollection::open(place, store_milvus::OpenMode::read_only));
  for (size_t i = 0; i < queries; ++i) {
    const auto begin = Clock::now();
    TRY(collection->search(std::span(values).subspan(i * dim, dim), {10, {}}));
    std::printf("%.4f\n", seconds_since(begin) * 1e3);
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  const auto number = [&](int i) { return static_cast<size_t>(std::strtoull(argv[i], nullptr, 10)); };
  Result<void> done = Error(ErrorKind::invalid_argument, "milvus_bench load URI ROWS DIM BATCH | query URI DIM QUERIES");
  if (what == "load" && argc == 6) done = load(argv[2], number(3), static_cast<uint32_t>(number(4)), number(5));
  if (what == "query" && argc == 5) done = query(argv[2], static_cast<uint32_t>(number(3)), number(4));
  if (!done.ok()) std::fprintf(stderr, "%s\n", done.error().message().c_str());
  return done.ok() ? 0 : 1;
}
