#include "ingest/ingest.h"

#include <algorithm>
#include <thread>
#include <unordered_set>

#include "base/thread_pool.h"
#include "ingest/examine.h"
#include "ingest/missing.h"
#include "ingest/ordered_results.h"
#include "store/model_match.h"

namespace elanus::ingest {
namespace {

// Takes examined files in order and writes them in batches.
class Writer {
 public:
  Writer(store::Collection& collection, const clip::Clip& clip, const Options& options, Report& report)
      : collection_(collection), clip_(clip), options_(options), report_(report) {}

  Result<void> take(Examined file) {
    switch (file.what) {
      case Examined::What::unchanged: ++report_.unchanged; break;
      case Examined::What::updated:
        ++report_.updated;
        updates_.push_back({file.before->id, std::move(file.picture)});
        break;
      case Examined::What::known_content: TRY(take_known(std::move(file))); break;
      case Examined::What::embed:
        ++(file.before ? report_.changed : report_.added);
        add({std::move(file), {}});
        break;
      case Examined::What::failed:
        TRY(take_failed(std::move(file)));
        break;
    }
    if (pending_.size() + updates_.size() >= options_.batch) TRY(flush());
    return {};
  }

  // Embeds and commits what is pending.
  Result<void> flush() {
    if (!updates_.empty()) TRY(collection_.update(updates_));
    updates_.clear();
    if (pending_.empty()) return {};
    const size_t dim = clip_.info().dim;
    std::vector<clip::PreparedImage> images;
    for (auto& item : pending_)
      if (item.vector.empty()) images.push_back(std::move(item.file.image));
    std::vector<float> embedded(images.size() * dim);
    TRY(clip_.embed_images(images, embedded));
    std::vector<store::Item> items;
    const float* next = embedded.data();
    for (auto& item : pending_) {
      std::span<const float> vector(item.vector);
      if (vector.empty()) {
        vector = {next, dim};
        next += dim;
      }
      items.push_back({item.file.candidate.id, vector, std::move(item.file.picture)});
    }
    TRY(collection_.upsert(items));
    embedded_ += images.size();
    pending_.clear();
    return {};
  }

  uint64_t embedded() const { return embedded_; }

 private:
  struct Pending {
    Examined file;
    std::vector<float> vector;  // empty: to be embedded
  };

  void add(Pending item) { pending_.push_back(std::move(item)); }

  // A record whose file now holds something else describes a picture that is gone: a search must not find it.
  Result<void> take_failed(Examined file) {
    std::string reason = file.error->message();
    if (file.replaced && options_.remove_missing) {
      TRY(flush());
      report_.removed += TRY(collection_.erase(std::span(&file.before->id, 1)));
      reason += "; the picture that was stored from here is gone, and was removed";
    }
    report_.failures.push_back({file.candidate.file.path, std::move(reason), file.error->kind()});
    return {};
  }

  // The bytes are known: their file moved here, or this is one more copy.
  Result<void> take_known(Examined file) {
    if (!file.before && !file.candidate.id)
      for (const auto& twin : file.same_content)
        if (is_gone(twin.picture.path) && claimed_.insert(twin.id).second) {
          if (!file.candidate.from_csv) {
            file.picture.label = twin.picture.label;
            file.picture.attributes = twin.picture.attributes;
          }
          ++report_.moved;
          updates_.push_back({twin.id, std::move(file.picture)});
          return {};
        }
    auto vector = TRY(collection_.vector(file.same_content[0].id));
    ++(file.before ? report_.changed : report_.copied);
    add({std::move(file), std::move(vector)});
    return {};
  }

  store::Collection& collection_;
  const clip::Clip& clip_;
  const Options& options_;
  Report& report_;
  std::vector<Pending> pending_;
  std::vector<store::Record> updates_;
  std::unordered_set<int64_t> claimed_;
  uint64_t embedded_ = 0;
};

Result<void> remove_missing(store::Collection& collection, const Candidates& candidates,
                            const std::unordered_set<std::string>& seen, Report& report) {
  constexpr size_t kBatch = 1000;
  auto missing = TRY(find_missing(collection, candidates.roots, seen));
  if (!candidates.csv.empty()) {
    auto unlisted = TRY(find_unlisted(collection, candidates.csv, candidates.named_by_csv, seen));
    missing.gone.insert(missing.gone.end(), unlisted.gone.begin(), unlisted.gone.end());
    for (auto& notice : unlisted.notices) missing.notices.push_back(std::move(notice));
  }
  for (size_t i = 0; i < missing.gone.size(); i += kBatch) {
    const std::span<const int64_t> all(missing.gone);
    report.removed += TRY(collection.erase(all.subspan(i, std::min(kBatch, all.size() - i))));
  }
  for (auto& notice : missing.notices) report.notices.push_back(std::move(notice));
  return {};
}

}  // namespace

Result<Report> ingest(store::Collection& collection, const clip::Clip& clip, const Options& options) {
  const clip::ModelInfo& model = clip.info();
  TRY(store::check_model(collection.schema(), {model.name, model.hash}, model.dim));
  Candidates candidates = TRY(list_candidates(options));
  Report report;
  report.found = candidates.files.size();
  report.failures = std::move(candidates.failures);
  report.notices = std::move(candidates.notices);
  std::unordered_set<std::string> seen;
  for (const auto& candidate : candidates.files) seen.insert(candidate.file.path);

  const unsigned decoders = options.decoders ? options.decoders : base::available_cpus();
  OrderedResults<Examined> results(candidates.files.size(), std::max<size_t>(2 * options.batch, 2 * decoders));
  const Examiner examiner(collection, clip, options);
  Result<void> outcome;
  Writer writer(collection, clip, options, report);
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < decoders; ++i)
      workers.emplace_back([&] {
        while (const auto index = results.claim())
          results.deliver(*index, examiner.examine(std::move(candidates.files[*index])));
      });
    Progress progress{0, report.found, 0, 0};
    while (auto file = results.next()) {
      if (outcome.ok()) outcome = writer.take(std::move(*file));
      if (!outcome.ok() || options.stop.stop_requested()) results.close();
      ++progress.done;
      progress.embedded = writer.embedded();
      progress.failed = report.failures.size();
      if (options.progress) options.progress(progress);
    }
  }
  if (outcome.ok()) outcome = writer.flush();
  TRY(std::move(outcome));
  report.stopped = options.stop.stop_requested();
  if (!report.stopped && options.remove_missing) TRY(remove_missing(collection, candidates, seen, report));
  return report;
}

}  // namespace elanus::ingest
