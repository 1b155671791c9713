#include "store_local/query.h"

#include <optional>
#include <string>

#include "index/search.h"
#include "store_local/filter_rows.h"

namespace elanus::store_local {
namespace {

// Reading a row's code takes about as long as comparing so many of its values.
constexpr size_t kCodeGain = 64;
// Looking at a row of a column takes about as long as comparing so many.
constexpr size_t kColumnGain = 4;

// How a search with codes goes about it.
struct Sureness {
  float sigmas, missing;  // index::SearchOptions
};

Sureness sureness_of(store::Effort effort) {
  return effort == store::Effort::fast ? Sureness{2.0f, 0.03f} : Sureness{3.0f, 0.001f};
}

// One living row in so many: they are compared one by one, wherever they are.
constexpr uint64_t kFewKept = 50;

std::vector<std::vector<index::Candidate>> scan(const View& view, const KeptRows* kept,
                                                const Question& question, const PoolFor& pool_for) {
  const std::span<const index::Rows> rows = kept != nullptr ? kept->rows() : view.rows;
  const size_t count = question.queries.size() / question.dim, limit = question.params.limit;
  size_t values = 0, alone = 0;
  for (const index::Rows& part : rows) (part.frame != nullptr ? values : alone) += part.values.size();
  uint64_t all = 0;
  for (const Part& part : view.parts) all += part.slots.size();
  const uint64_t living = kept != nullptr ? kept->count() : all;
  const bool by_lists = view.lists != nullptr && living * kFewKept > all;
  const bool probes = by_lists && view.spec.kind == IndexSpec::Kind::ivf_flat;
  // So many hits from so few rows: nearly all would be compared after all.
  const bool exact = question.params.effort == store::Effort::exact ||
                     view.spec.kind == IndexSpec::Kind::flat ||
                     (!probes && limit * 8 > (values + alone) / question.dim);
  auto* pool = pool_for(count * (exact ? values + alone : values / kCodeGain + alone));
  std::vector<std::vector<index::Candidate>> found;
  if (exact) {
    for (size_t q = 0; q < count; ++q)
      found.push_back(
          index::search_flat(rows, question.queries.subspan(q * question.dim, question.dim), limit, pool));
    return found;
  }
  const Sureness sureness = sureness_of(question.params.effort);
  index::SearchOptions options{limit, sureness.sigmas, pool};
  if (by_lists) {
    options.lists = &view.lists->lists;
    options.missing = sureness.missing;
    options.kept = static_cast<float>(living) / static_cast<float>(all);
    if (probes) options.nprobe = view.spec.nprobe;
  }
  for (index::Answer& answer : index::search(rows, question.queries, question.dim, options))
    found.push_back(std::move(answer.best));
  return found;
}

Result<std::vector<store::Hit>> hits_of(Reader& reader, const View& view,
                                        std::span<const index::Candidate> found) {
  std::vector<store::Hit> hits;
  hits.reserve(found.size());
  for (const index::Candidate& candidate : found) {
    auto record = TRY(reader.records.by_slot(view.slot_of(candidate)));
    if (!record || record->id != candidate.key)
      return Error(ErrorKind::corrupt, reader.connection->path() + ": the record " +
                                           std::to_string(candidate.key) + " has a vector but no picture");
    hits.push_back({candidate.key, candidate.score, std::move(record->picture)});
  }
  return hits;
}

// Nothing when a row of library.idx proved to be damaged.
Result<std::optional<std::vector<std::vector<store::Hit>>>> try_answer(Reader& reader, Mirror& mirror,
                                                                       const PoolFor& pool_for,
                                                                       const Question& question) {
  using Hits = std::vector<std::vector<store::Hit>>;
  const auto snapshot = TRY(mirror.begin(*reader.connection));
  const View& view = *snapshot.view;
  std::optional<KeptRows> kept;
  if (!store::is_everything(question.params.filter)) {
    uint64_t rows = 0;
    for (const Part& part : view.parts) rows += part.slots.size();
    auto* pool = pool_for(rows * kColumnGain);
    kept.emplace(view, TRY(rows_kept_by(question.params.filter, view, reader, pool)));
  }
  const auto found = scan(view, kept ? &*kept : nullptr, question, pool_for);
  if (view.damaged()) {
    mirror.distrust(view);
    return std::optional<Hits>();
  }
  Hits hits;
  for (const auto& candidates : found) hits.push_back(TRY(hits_of(reader, view, candidates)));
  return std::optional(std::move(hits));
}

}  // namespace

Result<std::vector<std::vector<store::Hit>>> answer(Reader& reader, Mirror& mirror, const PoolFor& pool_for,
                                                    const Question& question) {
  // Once damaged rows were met, every row is checked before it is used: the second time is enough unless the
  // disk goes on failing.
  for (int attempt = 0; attempt < 3; ++attempt)
    if (auto hits = TRY(try_answer(reader, mirror, pool_for, question))) return std::move(*hits);
  return Error(ErrorKind::io, reader.connection->path() +
                                  ": library.idx beside it changes while it is read; "
                                  "remove it, and it is made anew");
}

}  // namespace elanus::store_local
