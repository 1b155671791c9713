// Queries and what becomes of them, for the tests of search.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "index/flat.h"
#include "index/recall.h"
#include "index/search.h"
#include "index/test_rows.h"
#include "tests/support/clip_like.h"

namespace elanus::index {

constexpr size_t kQueries = 100;

inline std::vector<int64_t> keys(const std::vector<Candidate>& candidates) {
  std::vector<int64_t> keys;
  for (const Candidate& candidate : candidates) keys.push_back(candidate.key);
  return keys;
}

using Fill = std::function<void(size_t, std::span<float>)>;

inline std::vector<float> queries_of(uint32_t dim, size_t n, const Fill& fill) {
  std::vector<float> queries(n * dim);
  for (size_t q = 0; q < n; ++q) fill(q, std::span(queries).subspan(q * dim, dim));
  return queries;
}

struct Quality {
  double recall = 0, compared = 0;  // at 10; the share of the rows whose values were read
};

inline Quality quality(std::span<const Rows> parts, std::span<const float> queries, size_t dim,
                       float sigmas) {
  const auto answers = search(parts, queries, dim, {10, sigmas, nullptr});
  size_t rows = 0;
  for (const Rows& part : parts) rows += part.keys.size();
  Quality total;
  for (size_t q = 0; q < answers.size(); ++q) {
    const auto truth = keys(search_flat(parts, queries.subspan(q * dim, dim), 10, nullptr));
    total.recall += recall_at_k(truth, keys(answers[q].best), 10) / static_cast<double>(answers.size());
    total.compared += static_cast<double>(answers[q].compared) / static_cast<double>(rows * answers.size());
  }
  return total;
}

// Pictures as CLIP sees them, made once for all tests.
inline const testing_support::ClipLike& clip() {
  static const testing_support::ClipLike made;
  return made;
}
inline const TestRows& pictures() {
  static const auto made = [] {
    auto rows = std::make_unique<TestRows>(512, 20'000,
                                           [](size_t i, std::span<float> out) { clip().picture(i, out); });
    rows->learn();
    return rows;
  }();
  return *made;
}
inline std::vector<float> texts(size_t n = kQueries) {
  return queries_of(512, n, [](size_t q, std::span<float> out) { clip().text(q, out); });
}
inline std::vector<float> other_pictures(size_t n = kQueries) {
  return queries_of(512, n, [](size_t q, std::span<float> out) { clip().picture(1'000'000 + q, out); });
}

}  // namespace elanus::index
