#include "server/facets.h"

#include <algorithm>
#include <map>

#include "io/path_json.h"

namespace elanus::server {
namespace {

using Counts = std::map<std::string, uint64_t>;

constexpr size_t kMost = 500, kMostDistinct = 100'000;

void add(Counts& counts, const std::string& value) {
  if (value.empty() || (counts.size() >= kMostDistinct && !counts.contains(value))) return;
  ++counts[value];
}

nlohmann::json most(const Counts& counts) {
  std::vector<std::pair<std::string, uint64_t>> all(counts.begin(), counts.end());
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  nlohmann::json list = nlohmann::json::array();
  for (size_t i = 0; i < std::min(all.size(), kMost); ++i)
    list.push_back({{"value", all[i].first}, {"count", all[i].second}});
  return list;
}

}  // namespace

Result<nlohmann::json> Facets::get(const store::Collection& collection) {
  const std::lock_guard lock(mutex_);
  const uint64_t pictures = TRY(collection.count());
  const auto now = std::chrono::steady_clock::now();
  if (!kept_.is_null() && pictures == pictures_ && now - made_ < std::chrono::minutes(1)) return kept_;
  Counts folders, types, labels;
  TRY(collection.for_each([&](const store::Record& record) {
    const std::string& path = record.picture.path;
    // Above the root that indexing began at, every picture has the same folders.
    for (size_t slash = path.rfind('/'); slash != std::string::npos && slash > 0;
         slash = path.rfind('/', slash - 1)) {
      add(folders, path.substr(0, slash));
      if (slash <= record.picture.root.size()) break;
    }
    add(types, store::picture_type(path));
    add(labels, record.picture.label);
    return true;
  }));
  kept_ = {{"folders", most(folders)}, {"types", most(types)}, {"labels", most(labels)}};
  pictures_ = pictures;
  made_ = now;
  return kept_;
}

}  // namespace elanus::server
