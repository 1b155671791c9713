#include "store/merge.h"

#include "store/model_match.h"

namespace elanus::store {
namespace {

constexpr size_t kBatch = 1000;

class Merger {
 public:
  Merger(const Collection& from, Collection& into) : from_(from), into_(into) {}

  Result<void> take(const Record& record) {
    const auto there = TRY(into_.find_by_path(record.picture.path));
    if (there && there->picture.mtime_ns >= record.picture.mtime_ns) {
      ++report_.kept;
      return {};
    }
    Item item;
    item.picture = record.picture;
    if (there) {
      item.id = there->id;
    } else if (const auto taken = into_.get(record.id); !taken.ok()) {
      if (taken.error().kind() != ErrorKind::not_found) return taken.error();
      item.id = record.id;
    }
    vectors_.push_back(TRY(from_.vector(record.id)));
    items_.push_back(std::move(item));
    ++(there ? report_.replaced : report_.added);
    return {};
  }

  bool full() const { return items_.size() >= kBatch; }

  Result<void> flush() {
    for (size_t i = 0; i < items_.size(); ++i) items_[i].vector = vectors_[i];
    TRY(into_.upsert(items_));
    items_.clear();
    vectors_.clear();
    return {};
  }

  const MergeReport& report() const { return report_; }

 private:
  const Collection& from_;
  Collection& into_;
  std::vector<Item> items_;
  std::vector<std::vector<float>> vectors_;
  MergeReport report_;
};

}  // namespace

Result<MergeReport> merge(const Collection& from, Collection& into,
                          const std::function<bool(uint64_t)>& go_on) {
  TRY(check_model(into.schema(), from.schema().model, from.schema().dim));
  Merger merger(from, into);
  Result<void> outcome;
  uint64_t done = 0;
  TRY(from.for_each([&](const Record& record) {
    outcome = merger.take(record);
    ++done;
    if (outcome.ok() && merger.full()) {
      outcome = merger.flush();
      if (outcome.ok() && !go_on(done))
        outcome = Error(ErrorKind::cancelled,
                        "the merge was stopped; what was merged is kept, run it again to go on");
    }
    return outcome.ok();
  }));
  TRY(std::move(outcome));
  TRY(merger.flush());
  go_on(done);
  return merger.report();
}

}  // namespace elanus::store
