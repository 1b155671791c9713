#include "index/kmeans.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "index/members.h"
#include "ops/kernels.h"

namespace elanus::index {
namespace {

// Rows that are compared with all centres at once: their scores stay in the second-level cache.
constexpr size_t kTogetherRows = 128;
// Between two calls of go_on.
constexpr size_t kStride = size_t{1} << 16;

Error stopped() { return {ErrorKind::cancelled, "stopped; nothing was changed"}; }

// Centres and their groups: each row looks into the nearest ones.
constexpr uint32_t kGroupsLooked = 8;
constexpr int kGroupRounds = 6;

std::vector<float> half_squares_of(std::span<const uint16_t> centres, uint32_t dim) {
  std::vector<float> centre(dim), half_squares;
  for (size_t at = 0; at < centres.size(); at += dim) {
    ops::kernels().f16_to_f32(centres.data() + at, centre.data(), dim);
    half_squares.push_back(ops::kernels().dot_f16(centres.data() + at, centre.data(), dim) / 2);
  }
  return half_squares;
}

}  // namespace

// One worker's memory.
struct NearestCentre::Desk {
  std::vector<float> rows, scores, scratch;
  std::vector<uint32_t> order;
  std::vector<std::vector<size_t>> lookers;  // rows that look into each group
};

Result<NearestCentre> NearestCentre::prepare(std::span<const uint16_t> centres, uint32_t dim,
                                             Nearness nearness, base::ThreadPool& pool) {
  const auto& kernels = ops::kernels();
  NearestCentre nearest;
  nearest.dim_ = dim;
  nearest.centres_ = centres.size() / dim;
  nearest.pool_ = &pool;
  nearest.half_squares_ = half_squares_of(centres, dim);
  if (nearness == Nearness::quick) {
    TRY(nearest.make_groups(centres));
    return nearest;
  }
  nearest.packed_ = TRY(
      ops::PackedMatrix::pack(kernels, pool, nearest.centres_, dim, [&](size_t row, std::span<float> out) {
        kernels.f16_to_f32(centres.data() + row * dim, out.data(), dim);
      }));
  return nearest;
}

Result<void> NearestCentre::make_groups(std::span<const uint16_t> centres) {
  uint32_t count = 1;
  while (size_t{count} * count < centres_) ++count;
  const RowSource row = [&](size_t i) { return centres.data() + i * dim_; };
  groups_.centres = TRY(train_centres(row, centres_, count, dim_, kGroupRounds, Nearness::exact, *pool_,
                                      [](int) { return true; }));
  groups_.half_squares = half_squares_of(groups_.centres, dim_);
  std::vector<Found> found(centres_);
  const auto nearest = TRY(prepare(groups_.centres, dim_, Nearness::exact, *pool_));
  TRY(nearest.find(row, centres_, found, [](size_t) { return true; }));
  const Members members = members_of(found, count);
  groups_.begin.assign(members.begin.begin(), members.begin.end());
  groups_.member_of = members.order;
  for (uint32_t group = 0; group < count; ++group)
    groups_.largest = std::max(groups_.largest, groups_.begin[group + 1] - groups_.begin[group]);
  for (const uint32_t centre : groups_.member_of)
    groups_.members.insert(groups_.members.end(), row(centre), row(centre) + dim_);
  return {};
}

void NearestCentre::compare_with_all(const RowSource& row, size_t begin, size_t end, std::span<Found> found,
                                     Desk& desk) const {
  const auto& kernels = ops::kernels();
  const size_t lda = ops::row_stride(dim_), ldc = ops::row_stride(centres_);
  desk.rows.resize(kTogetherRows * lda);
  desk.scores.resize(kTogetherRows * ldc);
  desk.scratch.resize(kernels.matmul_scratch);
  for (size_t i = begin; i < end; ++i) kernels.f16_to_f32(row(i), desk.rows.data() + (i - begin) * lda, dim_);
  kernels.matmul(
      {desk.rows.data(), lda, end - begin, packed_.view(), desk.scores.data(), ldc, ops::Epilogue::none}, 0,
      packed_.panels(), desk.scratch.data());
  for (size_t i = begin; i < end; ++i) {
    const float* scores = desk.scores.data() + (i - begin) * ldc;
    size_t best = 0;
    float most = scores[0] - half_squares_[0];
    for (size_t c = 1; c < centres_; ++c)
      if (const float score = scores[c] - half_squares_[c]; score > most) {
        most = score;
        best = c;
      }
    found[i] = {static_cast<uint32_t>(best), std::max(1 - 2 * most, 0.0f)};
  }
}

// Group by group, so that a group's centres stay in the second-level cache for all rows that look into it.
void NearestCentre::compare_with_groups(const RowSource& row, size_t begin, size_t end,
                                        std::span<Found> found, Desk& desk) const {
  const auto& kernels = ops::kernels();
  const size_t count = groups_.half_squares.size(), looked = std::min<size_t>(count, kGroupsLooked);
  desk.rows.resize(kTogetherRows * dim_);
  desk.scores.resize(std::max<size_t>(count, groups_.largest));
  desk.order.resize(count);
  desk.lookers.resize(count);
  for (auto& lookers : desk.lookers) lookers.clear();
  for (size_t i = begin; i < end; ++i) {
    float* values = desk.rows.data() + (i - begin) * dim_;
    kernels.f16_to_f32(row(i), values, dim_);
    kernels.dot_f16_rows(groups_.centres.data(), dim_, count, values, dim_, desk.scores.data());
    for (size_t group = 0; group < count; ++group) desk.scores[group] -= groups_.half_squares[group];
    std::iota(desk.order.begin(), desk.order.end(), 0u);
    std::partial_sort(desk.order.begin(), desk.order.begin() + static_cast<ptrdiff_t>(looked),
                      desk.order.end(),
                      [&](uint32_t a, uint32_t b) { return desk.scores[a] > desk.scores[b]; });
    for (const uint32_t group : std::span(desk.order).first(looked)) desk.lookers[group].push_back(i);
    found[i] = {0, std::numeric_limits<float>::infinity()};
  }
  for (size_t group = 0; group < count; ++group) {
    const uint32_t from = groups_.begin[group], members = groups_.begin[group + 1] - from;
    for (const size_t i : desk.lookers[group]) {
      kernels.dot_f16_rows(groups_.members.data() + size_t{from} * dim_, dim_, members,
                           desk.rows.data() + (i - begin) * dim_, dim_, desk.scores.data());
      for (uint32_t m = 0; m < members; ++m) {
        const uint32_t centre = groups_.member_of[from + m];
        const float square = std::max(1 - 2 * (desk.scores[m] - half_squares_[centre]), 0.0f);
        if (square < found[i].square || (square == found[i].square && centre < found[i].centre))
          found[i] = {centre, square};
      }
    }
  }
}

Result<void> NearestCentre::find(const RowSource& row, size_t n, std::span<Found> found,
                                 const std::function<bool(size_t)>& go_on) const {
  std::vector<Desk> desks(pool_->size());
  const auto compare =
      groups_.begin.empty() ? &NearestCentre::compare_with_all : &NearestCentre::compare_with_groups;
  for (size_t from = 0; from < n; from += kStride) {
    if (!go_on(from)) return stopped();
    const size_t to = std::min(n, from + kStride), tasks = (to - from + kTogetherRows - 1) / kTogetherRows;
    pool_->run(tasks, [&](size_t task, unsigned worker) {
      const size_t begin = from + task * kTogetherRows;
      (this->*compare)(row, begin, std::min(to, begin + kTogetherRows), found, desks[worker]);
    });
  }
  return {};
}

}  // namespace elanus::index
