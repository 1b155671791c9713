#include "search/evaluate.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <unordered_map>

#include "store/model_match.h"

namespace elanus::search {
namespace {

constexpr uint32_t kDeepest = 16384;
constexpr uint64_t kNotThere = kDeepest + 1;

uint64_t rank_of(int64_t id, std::span<const store::Hit> hits) {
  for (size_t i = 0; i < hits.size(); ++i)
    if (hits[i].id == id) return i + 1;
  return kNotThere;
}

// Finds the record that a caption means, by whole path or by the end of one.
class PictureNames {
 public:
  static Result<PictureNames> of(const store::Collection& collection) {
    PictureNames names;
    TRY(collection.for_each([&](const store::Record& record) {
      names.by_file_name_[file_name(record.picture.path)].push_back({record.picture.path, record.id});
      ++names.count_;
      return true;
    }));
    return names;
  }

  Result<int64_t> find(const std::string& image) const {
    const auto same_name = by_file_name_.find(file_name(image));
    std::optional<int64_t> found;
    if (same_name != by_file_name_.end())
      for (const auto& [path, id] : same_name->second) {
        if (!ends_with_path(path, image)) continue;
        if (found)
          return Error(ErrorKind::invalid_argument,
                       image + " fits more than one stored picture; write more of its path");
        found = id;
      }
    if (!found) return Error(ErrorKind::not_found, image + " is not in the collection; index it first");
    return *found;
  }

  uint64_t count() const { return count_; }

 private:
  static std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }
  static bool ends_with_path(const std::string& path, const std::string& end) {
    if (path.size() < end.size() || path.compare(path.size() - end.size(), end.size(), end) != 0)
      return false;
    return path.size() == end.size() || path[path.size() - end.size() - 1] == '/';
  }

  std::unordered_map<std::string, std::vector<std::pair<std::string, int64_t>>> by_file_name_;
  uint64_t count_ = 0;
};

void summarise(Evaluation& evaluation) {
  std::vector<uint64_t> sorted = evaluation.ranks;
  if (sorted.empty()) return;
  std::sort(sorted.begin(), sorted.end());
  const auto share = [&](uint64_t k) {
    return static_cast<double>(std::upper_bound(sorted.begin(), sorted.end(), k) - sorted.begin()) /
           static_cast<double>(sorted.size());
  };
  evaluation.recall_at_1 = share(1);
  evaluation.recall_at_5 = share(5);
  evaluation.recall_at_10 = share(10);
  const size_t half = sorted.size() / 2;
  evaluation.median_rank = sorted.size() % 2 ? static_cast<double>(sorted[half])
                                             : static_cast<double>(sorted[half - 1] + sorted[half]) / 2;
}

}  // namespace

Result<Evaluation> evaluate(const store::Collection& collection, std::span<const Caption> captions,
                            std::span<const float> vectors, const clip::Clip* clip, store::Effort effort,
                            std::stop_token stop, const std::function<void(uint64_t)>& progress) {
  const size_t dim = collection.schema().dim;
  if (vectors.empty()) {
    TRY(store::check_model(collection.schema(), {clip->info().name, clip->info().hash}, clip->info().dim));
  } else if (vectors.size() != captions.size() * dim) {
    return Error(ErrorKind::invalid_argument,
                 "expected " + std::to_string(captions.size()) + " query vectors of " + std::to_string(dim) +
                     " values, got " + std::to_string(vectors.size()) + " values in all");
  }
  const PictureNames names = TRY(PictureNames::of(collection));
  std::vector<int64_t> wanted;
  for (const auto& caption : captions) wanted.push_back(TRY(names.find(caption.image)));

  Evaluation evaluation;
  evaluation.pictures = names.count();
  evaluation.queries = captions.size();
  const store::SearchParams first{10, {}, effort},
      whole{
          static_cast<uint32_t>(std::clamp<uint64_t>(names.count(), 1, kDeepest)), {}, store::Effort::exact};
  using Clock = std::chrono::steady_clock;
  Clock::duration answering{};
  for (size_t i = 0; i < captions.size(); ++i) {
    if (stop.stop_requested()) return Error(ErrorKind::cancelled, "stopped");
    const auto begin = Clock::now();
    std::vector<float> embedded;
    std::span<const float> query;
    if (vectors.empty()) {
      embedded = std::move(TRY(clip->embed_texts(std::span(&captions[i].text, 1)))[0].vector);
      query = embedded;
    } else {
      query = vectors.subspan(i * dim, dim);
    }
    auto hits = TRY(collection.search(query, first));
    answering += Clock::now() - begin;
    uint64_t rank = rank_of(wanted[i], hits);
    if (rank == kNotThere && names.count() > first.limit) {
      hits = TRY(collection.search(query, whole));
      rank = rank_of(wanted[i], hits);
    }
    evaluation.ranks.push_back(rank);
    evaluation.top_ids.push_back(hits.empty() ? 0 : hits[0].id);
    if (progress) progress(i + 1);
  }
  const double seconds = std::chrono::duration<double>(answering).count();
  evaluation.queries_per_second = seconds > 0 ? static_cast<double>(captions.size()) / seconds : 0;
  summarise(evaluation);
  return evaluation;
}

}  // namespace elanus::search
