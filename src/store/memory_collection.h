// A collection that lives in this process only, simple enough to be believed: the oracle for the durable
// stores, and the store of tests and small tools. Search compares with every vector, O(count * dim).
#pragma once
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "store/collection.h"

namespace elanus::store {

class MemoryCollection final : public Collection {
 public:
  // invalid_argument: a schema that no store accepts.
  static Result<std::unique_ptr<MemoryCollection>> create(const Schema& schema);

  const Schema& schema() const override { return schema_; }
  Result<uint64_t> count() const override;
  Result<std::vector<int64_t>> upsert(std::span<const Item> items) override;
  Result<void> update(std::span<const Record> records) override;
  Result<uint64_t> erase(std::span<const int64_t> ids) override;
  Result<Record> get(int64_t id) const override;
  Result<std::vector<float>> vector(int64_t id) const override;
  Result<std::optional<Record>> find_by_path(std::string_view path) const override;
  Result<std::vector<Record>> find_by_content(std::string_view hash) const override;
  // The records of the moment of the call, copied.
  Result<void> for_each_from(int64_t least, const std::function<bool(const Record&)>& visit) const override;
  Result<std::vector<Hit>> search(std::span<const float> query, const SearchParams& params) const override;

 private:
  struct Entry {
    std::vector<uint16_t> row;
    Picture picture;
  };

  explicit MemoryCollection(const Schema& schema) : schema_(schema) {}
  Result<const Entry*> entry(int64_t id) const;
  std::optional<int64_t> id_of_path(const std::string& path) const;

  // Writers wait at turn_, and new readers behind them: readers that overlap without end would starve a
  // writer.
  std::shared_lock<std::shared_mutex> reading() const;
  std::unique_lock<std::shared_mutex> writing();

  const Schema schema_;
  mutable std::mutex turn_;
  mutable std::shared_mutex mutex_;
  std::map<int64_t, Entry> entries_;
  std::unordered_map<std::string, int64_t> ids_by_path_;
  std::optional<int64_t> highest_id_;  // that any record has or had
};

}  // namespace elanus::store
