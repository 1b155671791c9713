#include "index/list_search.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ops/kernels.h"

namespace elanus::index {
namespace {

// Lists are put in order by what a row so many standard deviations above its centre reaches: neighbours are
// such rows.
constexpr float kReach = 3.0f;
// Lists between two looks at what the others may hold: an eighth of those looked into, and at least so many.
constexpr size_t kStep = 8;

// The share of a normal distribution above z, within a tenth where it is above 1e-9 (Lopez-Benitez and
// Casadevall, IEEE Trans. Communications 2011).
float upper_tail(float z) {
  if (z < 0) return 1 - upper_tail(-z);
  return std::exp(-0.3842f * z * z - 0.7640f * z - 0.6964f);
}

std::vector<float> scores_of(const Lists& lists, std::span<const float> query) {
  std::vector<float> scores(lists.size());
  ops::kernels().dot_f16_rows(lists.centres.data(), lists.dim, lists.size(), query.data(), lists.dim,
                              scores.data());
  return scores;
}

// How much the rows of a list of spread 1 vary along the query.
float variance_along(const Lists& lists, std::span<const float> query) {
  std::vector<float> product(lists.dim);
  ops::kernels().dot_f16_rows(lists.covariance.data(), lists.dim, lists.dim, query.data(), lists.dim,
                              product.data());
  return std::max(std::inner_product(product.begin(), product.end(), query.begin(), 0.0f), 1e-12f);
}

// Lists in falling order of `worth`, put in order as far as somebody asks.
class Order {
 public:
  explicit Order(std::span<const float> worth) : worth_(worth), lists_(worth.size()) {
    std::iota(lists_.begin(), lists_.end(), 0u);
  }
  uint32_t operator[](size_t i) {
    if (i >= sorted_) sort_up_to(std::min(lists_.size(), std::max<size_t>(64, 2 * (i + 1))));
    return lists_[i];
  }
  // From i on, in some order.
  std::span<const uint32_t> rest(size_t i) const { return std::span(lists_).subspan(i); }

 private:
  void sort_up_to(size_t end) {
    const auto before = [&](uint32_t a, uint32_t b) {
      return worth_[a] != worth_[b] ? worth_[a] > worth_[b] : a < b;
    };
    const auto from = lists_.begin() + static_cast<ptrdiff_t>(sorted_),
               to = lists_.begin() + static_cast<ptrdiff_t>(end);
    if (to != lists_.end()) std::nth_element(from, to, lists_.end(), before);
    std::sort(from, to, before);
    sorted_ = end;
  }

  std::span<const float> worth_;
  std::vector<uint32_t> lists_;
  size_t sorted_ = 0;
};

}  // namespace

size_t search_promising(const Lists& lists, std::span<const float> query, size_t k, float missing, float kept,
                        const PreparedQuery* prepared, CodedScan& scan, ScanScratch& scratch) {
  const auto scores = scores_of(lists, query);
  const float along = variance_along(lists, query);
  std::vector<float> deviations(lists.size()), reach(lists.size());
  for (uint32_t list = 0; list < lists.size(); ++list) {
    deviations[list] = std::sqrt(std::max(along * lists.spread[list], 1e-12f));
    reach[list] = scores[list] + kReach * deviations[list];
  }
  const float enough = missing * static_cast<float>(k) / kept;
  Order order(reach);
  const auto seen_enough = [&](size_t from) {
    const float bar = scan.best().threshold();
    float expected = 0;
    for (const uint32_t list : order.rest(from)) {
      expected += static_cast<float>(lists.blocks(list) * ops::kBlockRows) *
                  upper_tail((bar - scores[list]) / deviations[list]);
      if (expected > enough) return false;
    }
    return true;
  };
  size_t looked = 0;
  while (looked < lists.size()) {
    const size_t until = std::min<size_t>(lists.size(), looked + std::max(kStep, looked / 8));
    for (; looked < until; ++looked) scan.scan_list(lists, order[looked], prepared, scratch);
    if (seen_enough(looked)) break;
  }
  return looked;
}

size_t search_nearest(const Lists& lists, std::span<const float> query, size_t k, size_t nprobe,
                      const PreparedQuery* prepared, CodedScan& scan, ScanScratch& scratch) {
  auto nearness = scores_of(lists, query);
  std::vector<float> centre(lists.dim);
  for (uint32_t list = 0; list < lists.size(); ++list) {
    const uint16_t* at = lists.centres.data() + size_t{list} * lists.dim;
    ops::kernels().f16_to_f32(at, centre.data(), lists.dim);
    nearness[list] -= ops::kernels().dot_f16(at, centre.data(), lists.dim) / 2;
  }
  Order order(nearness);
  size_t looked = 0;
  for (; looked < lists.size() && (looked < nprobe || scan.best().size() < k); ++looked)
    scan.scan_list(lists, order[looked], prepared, scratch);
  return looked;
}

}  // namespace elanus::index
