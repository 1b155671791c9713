#include "store/copy.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace elanus::store {
namespace {

// Equal for equal records, and for no others in practice.
uint64_t fingerprint(const Picture& picture) {
  std::string all;
  for (const int64_t number :
       {picture.size, picture.mtime_ns, int64_t{picture.width}, int64_t{picture.height}, picture.captured_s})
    all += std::to_string(number) + ' ';
  for (const auto* text : {&picture.path, &picture.root, &picture.content_hash, &picture.label,
                           &picture.attributes, &picture.camera})
    all += std::to_string(text->size()) + ' ' + *text;
  return std::hash<std::string>()(all);
}

using Known = std::vector<std::pair<int64_t, uint64_t>>;  // by ascending id

Result<Known> known_records(const Collection& collection) {
  Known known;
  TRY(collection.for_each([&](const Record& record) {
    known.emplace_back(record.id, fingerprint(record.picture));
    return true;
  }));
  return known;
}

Result<void> check_match(const Schema& from, const Schema& to) {
  if (from.dim != to.dim)
    return Error(ErrorKind::mismatch, "the source has vectors of " + std::to_string(from.dim) +
                                          " values, the destination of " + std::to_string(to.dim) +
                                          "; copy into a collection of its own");
  if (from.model != to.model)
    return Error(ErrorKind::mismatch, "the source's vectors are by the model '" + from.model.name +
                                          "', the destination's by '" + to.model.name +
                                          "' or by other weights of it; copy into a collection of its own");
  return {};
}

class Copier {
 public:
  Copier(const Collection& from, Collection& to, const CopyOptions& options)
      : from_(from), to_(to), options_(options) {}

  Result<CopyReport> run() {
    TRY(check_match(from_.schema(), to_.schema()));
    known_ = TRY(known_records(to_));
    report_.total = TRY(from_.count());
    Result<void> outcome;
    TRY(from_.for_each([&](const Record& record) {
      outcome = take(record);
      report_.stopped = options_.stop.stop_requested();
      return outcome.ok() && !report_.stopped;
    }));
    TRY(std::move(outcome));
    TRY(write());
    return report_;
  }

 private:
  Result<void> take(const Record& record) {
    const auto found = std::lower_bound(known_.begin(), known_.end(), std::pair(record.id, uint64_t{0}));
    const bool there = found != known_.end() && found->first == record.id;
    if (there && found->second == fingerprint(record.picture)) {
      ++report_.there;
    } else {
      if (there && !options_.replace) TRY(check_same_picture(record));
      batch_.push_back(record);
    }
    if (batch_.size() >= options_.batch) TRY(write());
    tell();
    return {};
  }

  // A picture that changed or moved since an earlier copy, or somebody else's?
  Result<void> check_same_picture(const Record& record) const {
    const Picture& mine = record.picture;
    const Picture theirs = TRY(to_.get(record.id)).picture;
    if (mine.path == theirs.path || (!mine.content_hash.empty() && mine.content_hash == theirs.content_hash))
      return {};
    return Error(ErrorKind::mismatch,
                 "the record " + std::to_string(record.id) + " is " + mine.path + " in the source and " +
                     theirs.path + " in the destination; copy into a collection of its own, or replace");
  }

  Result<void> write() {
    if (batch_.empty()) return {};
    std::vector<int64_t> ids;
    for (const Record& record : batch_) ids.push_back(record.id);
    const std::vector<float> vectors = TRY(from_.vectors(ids));
    const size_t dim = from_.schema().dim;
    std::vector<Item> items;
    for (size_t i = 0; i < batch_.size(); ++i)
      items.push_back({batch_[i].id, std::span(vectors).subspan(i * dim, dim), std::move(batch_[i].picture)});
    TRY(to_.upsert(items));
    report_.copied += items.size();
    batch_.clear();
    return {};
  }

  void tell() const {
    if (options_.progress) options_.progress(report_.there + report_.copied, report_.total);
  }

  const Collection& from_;
  Collection& to_;
  const CopyOptions& options_;
  Known known_;
  std::vector<Record> batch_;
  CopyReport report_;
};

}  // namespace

Result<CopyReport> copy(const Collection& from, Collection& to, const CopyOptions& options) {
  return Copier(from, to, options).run();
}

}  // namespace elanus::store
