// The pictures and queries that every engine here searches, with what exact search finds.
#pragma once
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/thread_pool.h"
#include "bench/measure.h"
#include "index/frame.h"
#include "index/rows.h"
#include "index/top_k.h"
#include "io/file.h"
#include "ops/buffer.h"

namespace elanus::bench {

constexpr uint32_t kDim = 512;
constexpr size_t kQueries = 200;

std::vector<int64_t> keys(const std::vector<index::Candidate>& candidates);

// Unit vectors rounded to half floats, so that all engines search exactly the same numbers:
// FOLDER/pictures.f16, texts.f16 and others.f16 (pictures that are not in the collection).
void generate(const std::filesystem::path& folder, size_t n);

struct Queries {
  const char* name;
  std::vector<float> values;
  std::vector<std::vector<int64_t>> truth;
  std::span<const float> one(size_t i) const { return std::span(values).subspan(i * kDim, kDim); }
};

class Collection {
 public:
  // The first n pictures of the folder, coded. In huge pages where the system has them and the rows are few
  // enough, else mapped.
  Collection(const std::filesystem::path& folder, size_t n);

  // What exact search finds, kept in the folder for the next run.
  void find_truth();

  const index::Rows& rows() const { return rows_; }
  const std::vector<Queries>& queries() const { return queries_; }

 private:
  void encode();

  std::filesystem::path folder_;
  io::MappedFile file_;
  ops::Buffer rows_owner_, codes_owner_;
  std::vector<int64_t> keys_;
  std::unique_ptr<index::Frame> frame_;
  index::Rows rows_;
  std::vector<Queries> queries_{{"texts", {}, {}}, {"others", {}, {}}};
};

// The median time of reading all codes once, in seconds: nothing that reads them can be faster.
double floor_of(const index::Rows& rows, base::ThreadPool& pool);

// Resident memory of this process that is its own and that is of mapped files, in MB.
std::string resident();

}  // namespace elanus::bench
