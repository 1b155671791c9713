// What there is to filter by: folders, types and labels, with how many pictures each has.
#pragma once
#include <chrono>
#include <mutex>
#include <nlohmann/json.hpp>

#include "base/result.h"
#include "store/collection.h"

namespace elanus::server {

// Thread-safety: any method, any thread.
class Facets {
 public:
  // {"folders": [{"value", "count"}, ...], "types": [...], "labels": [...]}, at most 500 of each, the most
  // frequent first; a folder counts everything below it. Reads every record, so the answer is kept while the
  // number of pictures stays the same, and for at most a minute.
  Result<nlohmann::json> get(const store::Collection& collection);

 private:
  std::mutex mutex_;
  std::chrono::steady_clock::time_point made_;
  uint64_t pictures_ = 0;
  nlohmann::json kept_;
};

}  // namespace elanus::server
