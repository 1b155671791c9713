// Our half of the comparison with pymilvus; compare.py runs both.
//
//   milvus_bench load   URI ROWS DIM BATCH   for each line of stdin, a batch of vectors, records and paths; prints milliseconds
//   milvus_bench query  URI VECTORS          for each line of stdin, a row of the file: a search for its ten best; prints
//                                            milliseconds, and id and cosine of each
//   milvus_bench replay PORT FOLDER          for each line of stdin, a file of FOLDER: sends its bytes as a Search, prints
//                                            milliseconds; nothing is made, nothing is read
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>
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

double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

// A new collection of `rows` records, `batch` for each line.
Result<void> load(const std::string& uri, size_t rows, uint32_t dim, size_t batch) {
  const auto values = random_values(rows * dim, 1);
  const auto place = TRY(store_milvus::parse_place(uri));
  const auto collection = TRY(store_milvus::MilvusCollection::create(place, {dim, store::Metric::cosine, {"bench", "1"}}));
  std::string line;
  for (size_t row = 0; row < rows && std::getline(std::cin, line);) {
    const auto begin = Clock::now();
    std::vector<store::Item> items;
    for (const size_t end = std::min(rows, row + batch); row < end; ++row) {
      store::Item item;
      item.vector = std::span(values).subspan(row * dim, dim);
      item.picture.path = "/pictures/" + std::to_string(row) + ".jpg";
      items.push_back(std::move(item));
    }
    TRY(collection->upsert(items));
    std::cout << milliseconds_since(begin) << std::endl;
  }
  return {};
}

// The file: float32 rows, as the collection's dimension says.
Result<void> query(const std::string& uri, const std::string& file) {
  const auto place = TRY(store_milvus::parse_place(uri));
  const auto collection = TRY(store_milvus::MilvusCollection::open(place, store_milvus::OpenMode::read_only));
  const size_t dim = collection->schema().dim;
  const std::string bytes = bytes_of(file);
  std::vector<float> vector(dim);
  for (size_t row; std::cin >> row;) {
    if ((row + 1) * dim * sizeof(float) > bytes.size()) return Error(ErrorKind::invalid_argument, "there is no such row");
    std::memcpy(vector.data(), bytes.data() + row * dim * sizeof(float), dim * sizeof(float));
    const auto begin = Clock::now();
    const auto hits = TRY(collection->search(vector, {10, {}}));
    const double ms = milliseconds_since(begin);
    std::cout << ms;
    for (const auto& hit : hits) std::cout << ' ' << hit.id << ' ' << hit.cosine;
    std::cout << std::endl;
  }
  return {};
}

Result<void> replay(const std::string& port, const std::string& folder) {
  grpc::GenericStub stub(grpc::CreateChannel("127.0.0.1:" + port, grpc::InsecureChannelCredentials()));
  for (std::string name; std::cin >> name;) {
    const grpc::Slice slice(bytes_of(folder + "/" + name));
    const grpc::ByteBuffer request(&slice, 1);
    const auto begin = Clock::now();
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    const auto call = stub.PrepareUnaryCall(&context, "/milvus.proto.milvus.MilvusService/Search", request, &queue);
    call->StartCall();
    grpc::ByteBuffer reply;
    grpc::Status status;
    call->Finish(&reply, &status, nullptr);
    void* tag = nullptr;
    bool done = false;
    queue.Next(&tag, &done);
    const double ms = milliseconds_since(begin);
    if (!status.ok()) return Error(ErrorKind::io, status.error_message());
    std::cout << ms << std::endl;
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  const auto number = [&](int i) { return static_cast<size_t>(std::strtoull(argv[i], nullptr, 10)); };
  Result<void> done = Error(ErrorKind::invalid_argument, "milvus_bench load URI ROWS DIM BATCH | query URI VECTORS | replay PORT FOLDER");
  if (what == "load" && argc == 6) done = load(argv[2], number(3), static_cast<uint32_t>(number(4)), number(5));
  if (what == "query" && argc == 4) done = query(argv[2], argv[3]);
  if (what == "replay" && argc == 4) done = replay(argv[2], argv[3]);
  if (!done.ok()) std::fprintf(stderr, "%s\n", done.error().message().c_str());
  return done.ok() ? 0 : 1;
}
