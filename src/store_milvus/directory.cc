#include "store_milvus/directory.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "store_milvus/describe.h"
#include "store_milvus/text.h"

namespace elanus::store_milvus {
namespace {

constexpr size_t kValuesPerQuery = 4096;
constexpr int64_t kHighest = std::numeric_limits<int64_t>::max();

}  // namespace

Result<std::unordered_map<std::string, int64_t>> Directory::ask(const std::string& field,
                                                                const std::vector<int64_t>& values) const {
  std::unordered_map<std::string, int64_t> found;
  const std::string fields[] = {"id", "path"};
  for (size_t begin = 0; begin < values.size(); begin += kValuesPerQuery) {
    const auto some = std::span(values).subspan(begin, std::min(kValuesPerQuery, values.size() - begin));
    const auto answer = TRY(session_.query(field + " in " + list_of(some), fields, 0, Freshness::own));
    const size_t rows = row_count(answer.fields_data());
    const auto columns = TRY(Columns::read(answer.fields_data(), rows));
    for (size_t row = 0; row < rows; ++row) {
      const auto id = columns.integer("id", row);
      const auto path = columns.text("path", row);
      if (id && path) found[from_utf8(*path)] = *id;
    }
  }
  return found;
}

Result<void> Directory::learn() {
  const std::string fields[] = {"id", kPathKeyField};
  for (std::string after;;) {
    const auto answer = TRY(session_.query(after, fields, kMaxWindow, Freshness::own));
    const size_t rows = row_count(answer.fields_data());
    const auto columns = TRY(Columns::read(answer.fields_data(), rows));
    int64_t last = 0;
    for (size_t row = 0; row < rows; ++row) {
      const auto id = columns.integer("id", row), key = columns.integer(kPathKeyField, row);
      if (!id || !key)
        return Error(ErrorKind::corrupt,
                     session_.place.shown() + ": the server's answer lacks id or path_key");
      ids_by_key_.emplace(*key, *id);
      keys_by_id_[*id] = *key;
      last = row == 0 ? *id : std::max(last, *id);
    }
    if (rows < kMaxWindow) break;
    after = above("id", last);
  }
  complete_ = true;
  return {};
}

Result<std::unordered_map<std::string, int64_t>> Directory::owners(const std::vector<std::string>& paths) {
  asked_ += paths.size();
  if (!complete_) {
    const uint64_t records = TRY(session_.count());
    if (records <= kMaxKnown && asked_ * 50 >= records) {
      forget();
      TRY(learn());
    }
  }
  if (keys_by_id_.size() > kMaxKnown) forget();
  std::vector<int64_t> values;
  for (const auto& path : paths) {
    if (!complete_) {
      values.push_back(key_of(path));
      continue;
    }
    const auto [begin, end] = ids_by_key_.equal_range(key_of(path));
    for (auto candidate = begin; candidate != end; ++candidate) values.push_back(candidate->second);
  }
  // Two paths may have one key, so that what counts is the path that the server has.
  auto found = TRY(ask(complete_ ? "id" : kPathKeyField, values));
  std::unordered_map<std::string, int64_t> owners;
  for (const auto& path : paths)
    if (const auto owner = found.find(path); owner != found.end()) owners.insert(*owner);
  return owners;
}

Result<std::optional<int64_t>> Directory::first_id(const std::string& expression) const {
  const std::string fields[] = {"id"};
  const auto answer = TRY(session_.query(expression, fields, 1, Freshness::own));
  const size_t rows = row_count(answer.fields_data());
  const auto columns = TRY(Columns::read(answer.fields_data(), rows));
  return rows == 0 ? std::nullopt : columns.integer("id", 0);
}

// Milvus has no max(), but whether there is an id above some number is one short query.
Result<std::optional<int64_t>> Directory::find_highest() const {
  const auto lowest = TRY(first_id(""));
  if (!lowest) return lowest;
  int64_t low = *lowest, high = kHighest;  // the highest id is in low..high
  // Ids mostly run from 1 to the count.
  for (int64_t probe = static_cast<int64_t>(TRY(session_.count())) - 1, step = 1; low < high; step *= 8) {
    const auto higher = TRY(first_id(above("id", std::max(low, probe))));
    if (!higher) {
      high = std::max(low, probe);
      break;
    }
    low = *higher;
    if (low > kHighest - step || step > kHighest / 8) break;
    probe = low + step - 1;
  }
  while (low < high) {
    const int64_t middle = std::midpoint(low, high);
    if (const auto higher = TRY(first_id(above("id", middle))))
      low = *higher;
    else
      high = middle;
  }
  return std::optional(low);
}

Result<std::optional<int64_t>> Directory::highest_id() {
  if (highest_id_) return *highest_id_;
  std::optional<int64_t> there;
  if (complete_) {
    for (const auto& [id, key] : keys_by_id_) there = std::max(there, std::optional(id));
  } else {
    there = TRY(find_highest());
  }
  const auto kept = TRY(kept_highest_id(session_));
  remembered_ = kept && kept >= there;
  highest_id_ = std::max(there, kept);
  return *highest_id_;
}

Result<void> Directory::remember(const std::vector<int64_t>& going) {
  const auto highest = TRY(highest_id());
  if (!highest || remembered_ || std::find(going.begin(), going.end(), *highest) == going.end()) return {};
  const auto kept = keep_highest_id(session_, *highest);
  if (!kept.ok() && kept.error().kind() != ErrorKind::unsupported) return kept.error();
  remembered_ = true;
  return {};
}

void Directory::erased(int64_t id) {
  const auto known = keys_by_id_.find(id);
  if (known == keys_by_id_.end()) return;
  const auto [begin, end] = ids_by_key_.equal_range(known->second);
  for (auto entry = begin; entry != end; ++entry)
    if (entry->second == id) {
      ids_by_key_.erase(entry);
      break;
    }
  keys_by_id_.erase(known);
}

void Directory::wrote(int64_t id, const std::string& path) {
  if (highest_id_ && (!*highest_id_ || id > **highest_id_)) {
    highest_id_ = id;
    remembered_ = false;
  }
  if (!complete_) return;
  erased(id);
  const int64_t key = key_of(path);
  ids_by_key_.emplace(key, id);
  keys_by_id_[id] = key;
}

void Directory::forget() {
  complete_ = false;
  highest_id_.reset();
  ids_by_key_.clear();
  keys_by_id_.clear();
}

}  // namespace elanus::store_milvus
