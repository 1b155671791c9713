// Which record has a path, and which id was the highest: what a writer must know before it writes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "store_milvus/session.h"

namespace elanus::store_milvus {

// Asks the server, a batch at a time, until so much was asked that reading all keys at once is cheaper (at
// once for an empty collection); from then on it answers from memory, 80 bytes a record, for collections of
// at most kMaxKnown. That is right as long as the writer is alone, which Collection demands. Not thread-safe.
class Directory {
 public:
  static constexpr uint64_t kMaxKnown = 2'000'000;

  explicit Directory(const Session& session) : session_(session) {}

  // The ids of those paths that are stored.
  Result<std::unordered_map<std::string, int64_t>> owners(const std::vector<std::string>& paths);
  // That any record has or had; nothing before the first.
  Result<std::optional<int64_t>> highest_id();
  // Before these are erased: when the highest is one of them, the collection's properties keep it, so that the
  // next session does not give it out again. A server that keeps no properties forgets it with this session.
  Result<void> remember(const std::vector<int64_t>& going);

  void wrote(int64_t id, const std::string& path);
  void erased(int64_t id);
  // After a write that failed half-way: what is in memory may be wrong, so the server is asked again.
  void forget();

 private:
  Result<void> learn();
  Result<std::unordered_map<std::string, int64_t>> ask(const std::string& field,
                                                       const std::vector<int64_t>& values) const;
  Result<std::optional<int64_t>> first_id(const std::string& expression) const;
  Result<std::optional<int64_t>> find_highest() const;

  const Session& session_;
  bool complete_ = false;
  uint64_t asked_ = 0;
  std::unordered_multimap<int64_t, int64_t> ids_by_key_;
  std::unordered_map<int64_t, int64_t> keys_by_id_;
  std::optional<std::optional<int64_t>> highest_id_;
  bool remembered_ = false;  // the properties have highest_id_
};

}  // namespace elanus::store_milvus
