#include "server/pages.h"

#include <algorithm>
#include <map>

namespace elanus::server {
namespace {

// Sorting by date or name takes this many of the most relevant.
constexpr uint32_t kSorted = 500;

uint32_t given_before(const SearchRequest& request) { return request.cursor ? request.cursor->given : 0; }

// One more than is shown says whether there is another page.
uint32_t hits_needed(const SearchRequest& request) {
  if (request.sort != Sort::relevance) return kSorted;
  return std::min(given_before(request) + request.k + 1, kMaxDepth);
}

bool after(const store::Hit& hit, const Cursor& cursor) {
  return hit.cosine != cursor.cosine ? hit.cosine < cursor.cosine : hit.id > cursor.id;
}

int64_t time_of(const store::Picture& picture) {
  return picture.captured_s ? picture.captured_s : picture.mtime_ns / 1'000'000'000;
}

Page by_relevance(std::vector<store::Hit> hits, const SearchRequest& request) {
  const uint32_t needed = hits_needed(request);
  // Of those before the cursor there may be more than were given: new ones, or some that a search of fewer
  // hits missed. So that few are left says nothing; the end has come when the search itself found no more.
  const bool more = hits.size() == needed && needed < kMaxDepth && hits.back().cosine >= request.min_cosine;
  std::erase_if(hits, [&](const store::Hit& hit) {
    return hit.cosine < request.min_cosine || (request.cursor && !after(hit, *request.cursor));
  });
  if (hits.size() <= request.k && !more) return {std::move(hits), std::nullopt};
  if (hits.size() > request.k) hits.resize(request.k);
  Cursor next = request.cursor.value_or(Cursor{});
  next.given = given_before(request) + request.k;
  if (!hits.empty()) next.cosine = hits.back().cosine, next.id = hits.back().id;
  return {std::move(hits), next};
}

// Pages of a list that is made anew each time: short enough for that.
Page sorted(std::vector<store::Hit> hits, const SearchRequest& request) {
  std::erase_if(hits, [&](const store::Hit& hit) { return hit.cosine < request.min_cosine; });
  std::stable_sort(hits.begin(), hits.end(), [&](const store::Hit& a, const store::Hit& b) {
    if (request.sort == Sort::name) return a.picture.path < b.picture.path;
    return time_of(a.picture) > time_of(b.picture);
  });
  const auto begin = std::min<std::ptrdiff_t>(given_before(request), std::ssize(hits));
  const auto end = std::min<std::ptrdiff_t>(begin + request.k, std::ssize(hits));
  Page page{{hits.begin() + begin, hits.begin() + end}, std::nullopt};
  if (end < std::ssize(hits))
    page.next = Cursor{static_cast<uint32_t>(end), page.hits.back().cosine, page.hits.back().id};
  return page;
}

}  // namespace

Result<std::vector<Page>> find_pages(const store::Collection& collection, std::span<const Query> queries) {
  std::map<std::pair<uint32_t, std::string_view>, std::vector<size_t>> alike;
  for (size_t i = 0; i < queries.size(); ++i)
    alike[{hits_needed(queries[i].request), queries[i].request.filter_text}].push_back(i);
  std::vector<Page> pages(queries.size());
  for (const auto& [what, members] : alike) {
    std::vector<float> vectors;
    for (const size_t i : members)
      vectors.insert(vectors.end(), queries[i].vector.begin(), queries[i].vector.end());
    store::SearchParams params;
    params.limit = what.first;
    params.filter = queries[members.front()].request.filter;
    auto found = TRY(collection.search_batch(vectors, params));
    for (size_t m = 0; m < members.size(); ++m) {
      const SearchRequest& request = queries[members[m]].request;
      pages[members[m]] = request.sort == Sort::relevance ? by_relevance(std::move(found[m]), request)
                                                          : sorted(std::move(found[m]), request);
    }
  }
  return pages;
}

}  // namespace elanus::server
