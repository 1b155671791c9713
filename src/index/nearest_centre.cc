#include "index/kmeans.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "index/members.h"
#include "ops/kernels.h"

namespace elanus::index {
namespace {

// Rows that are compared with some centres at once: their scores stay in the second-level cache.
constexpr size_t kTogetherRows = 128;
// Rows of a task: of each group, those that look into it should fill a comparison.
constexpr size_t kDeskRows = 512;
// Between two calls of go_on.
constexpr size_t kStride = size_t{1} << 16;
// Groups of centres are fewer than centres by so much that few rounds do.
constexpr int kGroupRounds = 6;

Error stopped() { return {ErrorKind::cancelled, "stopped; nothing was changed"}; }

}  // namespace

// One worker's memory.
struct NearestCentre::Desk {
  std::vector<float> rows, some, scores, scratch;  // rows: [kDeskRows][stride]; some: [kTogetherRows][stride]
  std::vector<uint32_t> order;
  std::vector<std::vector<size_t>> lookers;  // rows that look into each group
};

Result<NearestCentre> NearestCentre::prepare(std::span<const uint16_t> centres, uint32_t dim,
                                             Nearness nearness, base::ThreadPool& pool) {
  NearestCentre nearest;
  nearest.dim_ = dim;
  nearest.pool_ = &pool;
  if (nearness == Nearness::exact) {
    std::vector<uint32_t> numbers(centres.size() / dim);
    std::iota(numbers.begin(), numbers.end(), 0u);
    nearest.all_ = TRY(nearest.crowd(centres, numbers));
    return nearest;
  }
  TRY(nearest.make_groups(centres));
  const size_t groups = nearest.groups_.size();
  nearest.looked_ = std::min(groups, nearness == Nearness::quick ? std::max<size_t>(8, groups / 8)
                                                                 : std::max<size_t>(12, groups * 3 / 8));
  return nearest;
}

// `numbers`: which of `centres`.
Result<NearestCentre::Crowd> NearestCentre::crowd(std::span<const uint16_t> centres,
                                                  std::span<const uint32_t> numbers) const {
  const auto& kernels = ops::kernels();
  Crowd crowd;
  crowd.numbers.assign(numbers.begin(), numbers.end());
  std::vector<float> centre(dim_);
  for (const uint32_t number : numbers) {
    const uint16_t* halves = centres.data() + size_t{number} * dim_;
    kernels.f16_to_f32(halves, centre.data(), dim_);
    crowd.half_squares.push_back(kernels.dot_f16(halves, centre.data(), dim_) / 2);
  }
  crowd.packed = TRY(
      ops::PackedMatrix::pack(kernels, *pool_, numbers.size(), dim_, [&](size_t row, std::span<float> out) {
        kernels.f16_to_f32(centres.data() + size_t{numbers[row]} * dim_, out.data(), dim_);
      }));
  return crowd;
}

Result<void> NearestCentre::make_groups(std::span<const uint16_t> centres) {
  const size_t n = centres.size() / dim_;
  uint32_t count = 1;
  while (size_t{count} * count < n) ++count;
  const RowSource row = [&](size_t i) { return centres.data() + i * dim_; };
  const auto middles = TRY(
      train_centres(row, n, count, dim_, kGroupRounds, Nearness::exact, *pool_, [](int) { return true; }));
  std::vector<Found> found(n);
  const auto nearest = TRY(prepare(middles, dim_, Nearness::exact, *pool_));
  TRY(nearest.find(row, n, found, [](size_t) { return true; }));
  const Members members = members_of(found, count);
  std::vector<uint32_t> used;
  for (uint32_t group = 0; group < count; ++group) {
    const auto of_group = std::span(members.order)
                              .subspan(members.begin[group], members.begin[group + 1] - members.begin[group]);
    if (of_group.empty()) continue;
    used.push_back(group);
    groups_.push_back(TRY(crowd(centres, of_group)));
  }
  all_ = TRY(crowd(middles, used));
  return {};
}

// Half the square of each row's distance from each centre, less half of its own: the least is nearest.
void NearestCentre::compare(const Crowd& crowd, const float* rows, size_t n, Desk& desk) const {
  const auto& kernels = ops::kernels();
  const size_t centres = crowd.numbers.size(), ldc = ops::row_stride(centres);
  desk.scores.resize(kTogetherRows * ldc);
  desk.scratch.resize(kernels.matmul_scratch);
  kernels.matmul(
      {rows, ops::row_stride(dim_), n, crowd.packed.view(), desk.scores.data(), ldc, ops::Epilogue::none}, 0,
      crowd.packed.panels(), desk.scratch.data());
  for (size_t i = 0; i < n; ++i)
    for (size_t c = 0; c < centres; ++c)
      desk.scores[i * ldc + c] = crowd.half_squares[c] - desk.scores[i * ldc + c];
}

// The nearest of a crowd to row i of the last comparison takes the place of `best` when it is nearer.
void NearestCentre::take_nearest(const Crowd& crowd, size_t i, const Desk& desk, Found& best) const {
  const float* scores = desk.scores.data() + i * ops::row_stride(crowd.numbers.size());
  const auto least = std::min_element(scores, scores + crowd.numbers.size());
  const uint32_t centre = crowd.numbers[static_cast<size_t>(least - scores)];
  const float square = std::max(1 + 2 * *least, 0.0f);
  if (square < best.square || (square == best.square && centre < best.centre)) best = {centre, square};
}

void NearestCentre::find_some(const RowSource& row, size_t begin, size_t end, std::span<Found> found,
                              Desk& desk) const {
  const size_t stride = ops::row_stride(dim_), count = all_.numbers.size();
  desk.rows.resize(kDeskRows * stride);
  desk.some.resize(kTogetherRows * stride);
  desk.lookers.resize(groups_.size());
  for (auto& lookers : desk.lookers) lookers.clear();
  for (size_t i = begin; i < end; ++i) {
    ops::kernels().f16_to_f32(row(i), desk.rows.data() + (i - begin) * stride, dim_);
    found[i] = {UINT32_MAX, std::numeric_limits<float>::infinity()};
  }
  for (size_t from = begin; from < end; from += kTogetherRows) {
    const size_t n = std::min(kTogetherRows, end - from);
    compare(all_, desk.rows.data() + (from - begin) * stride, n, desk);
    for (size_t i = 0; i < n; ++i) {
      if (groups_.empty()) {
        take_nearest(all_, i, desk, found[from + i]);
        continue;
      }
      const float* scores = desk.scores.data() + i * ops::row_stride(count);
      desk.order.resize(count);
      std::iota(desk.order.begin(), desk.order.end(), 0u);
      const auto last = desk.order.begin() + static_cast<ptrdiff_t>(looked_) - 1;
      std::nth_element(desk.order.begin(), last, desk.order.end(),
                       [&](uint32_t a, uint32_t b) { return scores[a] < scores[b]; });
      for (const uint32_t group : std::span(desk.order).first(looked_))
        desk.lookers[group].push_back(from + i);
    }
  }
  for (size_t group = 0; group < groups_.size(); ++group) {
    const auto& lookers = desk.lookers[group];
    for (size_t from = 0; from < lookers.size(); from += kTogetherRows) {
      const auto some = std::span(lookers).subspan(from, std::min(kTogetherRows, lookers.size() - from));
      for (size_t i = 0; i < some.size(); ++i)
        std::copy_n(desk.rows.data() + (some[i] - begin) * stride, dim_, desk.some.data() + i * stride);
      compare(groups_[group], desk.some.data(), some.size(), desk);
      for (size_t i = 0; i < some.size(); ++i) take_nearest(groups_[group], i, desk, found[some[i]]);
    }
  }
}

Result<void> NearestCentre::find(const RowSource& row, size_t n, std::span<Found> found,
                                 const std::function<bool(size_t)>& go_on) const {
  std::vector<Desk> desks(pool_->size());
  for (size_t from = 0; from < n; from += kStride) {
    if (!go_on(from)) return stopped();
    const size_t to = std::min(n, from + kStride), tasks = (to - from + kDeskRows - 1) / kDeskRows;
    pool_->run(tasks, [&](size_t task, unsigned worker) {
      const size_t begin = from + task * kDeskRows;
      find_some(row, begin, std::min(to, begin + kDeskRows), found, desks[worker]);
    });
  }
  return {};
}

}  // namespace elanus::index
