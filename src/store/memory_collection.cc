#include "store/memory_collection.h"

#include <algorithm>

#include "base/f16.h"
#include "store/validate.h"

namespace elanus::store {
namespace {

Error no_record(int64_t id) {
  return {ErrorKind::not_found, "there is no record with the id " + std::to_string(id)};
}

float cosine(std::span<const float> unit_query, std::span<const uint16_t> row) {
  double sum = 0;
  for (size_t i = 0; i < row.size(); ++i)
    sum += static_cast<double>(unit_query[i]) * base::f16_to_f32(row[i]);
  return static_cast<float>(std::clamp(sum, -1.0, 1.0));
}

}  // namespace

Result<std::unique_ptr<MemoryCollection>> MemoryCollection::create(const Schema& schema) {
  TRY(check_schema(schema));
  return std::unique_ptr<MemoryCollection>(new MemoryCollection(schema));
}

std::shared_lock<std::shared_mutex> MemoryCollection::reading() const {
  std::lock_guard turn(turn_);
  return std::shared_lock(mutex_);
}

std::unique_lock<std::shared_mutex> MemoryCollection::writing() {
  std::lock_guard turn(turn_);
  return std::unique_lock(mutex_);
}

Result<uint64_t> MemoryCollection::count() const {
  const auto lock = reading();
  return entries_.size();
}

std::optional<int64_t> MemoryCollection::id_of_path(const std::string& path) const {
  const auto found = ids_by_path_.find(path);
  if (found == ids_by_path_.end()) return std::nullopt;
  return found->second;
}

Result<std::vector<int64_t>> MemoryCollection::upsert(std::span<const Item> items) {
  TRY(check_items(items, schema_.dim));
  const auto lock = writing();
  const Directory directory{
      [&](std::string_view path) -> Result<std::optional<int64_t>> { return id_of_path(std::string(path)); },
      [&]() -> Result<std::optional<int64_t>> {
        return highest_id_;
      }};
  const auto resolved = TRY(resolve_ids(items, directory));
  std::vector<int64_t> ids;
  for (size_t i = 0; i < items.size(); ++i) {
    Entry& entry = entries_[resolved[i].id];
    ids_by_path_.erase(entry.picture.path);
    entry.row.resize(schema_.dim);
    normalized_f16(items[i].vector, entry.row);
    entry.picture = items[i].picture;
    ids_by_path_[entry.picture.path] = resolved[i].id;
    highest_id_ = std::max(highest_id_, std::optional(resolved[i].id));
    ids.push_back(resolved[i].id);
  }
  return ids;
}

Result<void> MemoryCollection::update(std::span<const Record> records) {
  TRY(check_records(records));
  const auto lock = writing();
  for (const Record& record : records) {
    TRY(entry(record.id));
    const auto owner = id_of_path(record.picture.path);
    const auto is_owner = [&](const Record& other) { return other.id == *owner; };
    if (owner && std::none_of(records.begin(), records.end(), is_owner))
      return Error(ErrorKind::invalid_argument, "the record " + std::to_string(record.id) +
                                                    " cannot take the path " + record.picture.path +
                                                    ": it belongs to the record " + std::to_string(*owner));
  }
  for (const Record& record : records) ids_by_path_.erase(entries_[record.id].picture.path);
  for (const Record& record : records) {
    entries_[record.id].picture = record.picture;
    ids_by_path_[record.picture.path] = record.id;
  }
  return {};
}

Result<uint64_t> MemoryCollection::erase(std::span<const int64_t> ids) {
  const auto lock = writing();
  uint64_t erased = 0;
  for (const int64_t id : ids) {
    const auto found = entries_.find(id);
    if (found == entries_.end()) continue;
    ids_by_path_.erase(found->second.picture.path);
    entries_.erase(found);
    ++erased;
  }
  return erased;
}

Result<const MemoryCollection::Entry*> MemoryCollection::entry(int64_t id) const {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return no_record(id);
  return &found->second;
}

Result<Record> MemoryCollection::get(int64_t id) const {
  const auto lock = reading();
  return Record{id, TRY(entry(id))->picture};
}

Result<std::vector<float>> MemoryCollection::vector(int64_t id) const {
  const auto lock = reading();
  std::vector<float> values;
  for (const uint16_t half : TRY(entry(id))->row) values.push_back(base::f16_to_f32(half));
  return values;
}

Result<std::optional<Record>> MemoryCollection::find_by_path(std::string_view path) const {
  const auto lock = reading();
  const auto id = id_of_path(std::string(path));
  if (!id) return std::optional<Record>();
  return std::optional(Record{*id, entries_.at(*id).picture});
}

Result<std::vector<Record>> MemoryCollection::find_by_content(std::string_view hash) const {
  const auto lock = reading();
  std::vector<Record> records;
  for (const auto& [id, entry] : entries_)
    if (!hash.empty() && entry.picture.content_hash == hash) records.push_back({id, entry.picture});
  return records;
}

Result<void> MemoryCollection::for_each_from(int64_t least,
                                             const std::function<bool(const Record&)>& visit) const {
  std::vector<Record> records;
  {
    const auto lock = reading();
    for (auto entry = entries_.lower_bound(least); entry != entries_.end(); ++entry)
      records.push_back({entry->first, entry->second.picture});
  }
  for (const Record& record : records)
    if (!visit(record)) break;
  return {};
}

Result<std::vector<Hit>> MemoryCollection::search(std::span<const float> query,
                                                  const SearchParams& params) const {
  TRY(check_search(query, params, schema_.dim));
  const std::vector<float> unit = normalized(query);
  const auto lock = reading();
  std::vector<Hit> hits;
  for (const auto& [id, entry] : entries_)
    if (matches(params.filter, id, entry.picture)) hits.push_back({id, cosine(unit, entry.row), {}});
  std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.cosine > b.cosine; });
  if (hits.size() > params.limit) hits.resize(params.limit);
  for (Hit& hit : hits) hit.picture = entries_.at(hit.id).picture;
  return hits;
}

}  // namespace elanus::store
