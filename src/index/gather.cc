#include <algorithm>
#include <cstring>
#include <numeric>

#include "index/covariance.h"
#include "index/kmeans.h"
#include "index/lists.h"
#include "ops/kernels.h"

namespace elanus::index {
namespace {

// Rows that a centre is trained on, and rounds: more of either move few rows to other lists.
constexpr size_t kTrainedOn = 32;
constexpr int kRounds = 8;
// From so many lists on, each row is compared with some of the centres only.
constexpr uint32_t kManyLists = 1024;

// The living rows of some parts, by one number: how many of them come before each part.
class Living {
 public:
  Living(std::span<const Rows> parts, uint32_t dim) : parts_(parts), dim_(dim) {
    for (const Rows& part : parts) {
      starts.push_back(starts.back() + part.keys.size());
      for (size_t row = 0; row < part.keys.size(); ++row)
        if (!part.is_dead(row)) numbers.push_back(static_cast<uint32_t>(starts[starts.size() - 2] + row));
    }
  }

  const uint16_t* at(size_t i) const { return row(numbers[i]); }
  const uint16_t* row(uint32_t number) const {
    const auto next = std::upper_bound(starts.begin(), starts.end(), uint64_t{number});
    const auto part = static_cast<size_t>(next - starts.begin()) - 1;
    return parts_[part].values.data() + (number - starts[part]) * dim_;
  }

  std::vector<uint64_t> starts{0};
  std::vector<uint32_t> numbers;

 private:
  std::span<const Rows> parts_;
  uint32_t dim_;
};

class Gathering {
 public:
  Gathering(const Living& living, const ListPlan& plan, base::ThreadPool& pool,
            const std::function<bool(uint64_t, uint64_t)>& go_on)
      : living_(living), plan_(plan), pool_(pool), go_on_(go_on) {}

  Result<OwnedLists> run() {
    const size_t n = living_.numbers.size(), sample = std::min(n, kTrainedOn * plan_.lists);
    // In units of rows compared with all centres.
    const uint64_t all = sample * kRounds + n;
    // Lists without codes have a name elsewhere, and are what everybody makes of these centres.
    const bool quick = plan_.frame != nullptr && plan_.lists >= kManyLists;
    lists_.starts = living_.starts;
    lists_.centres =
        TRY(train_centres([&](size_t i) { return living_.at(i * n / sample); }, sample, plan_.lists,
                          plan_.dim, kRounds, quick ? Nearness::quick : Nearness::exact, pool_,
                          [&](int round) { return go_on_(static_cast<uint64_t>(round) * sample, all); }));
    found_.resize(n);
    const auto nearest = TRY(
        NearestCentre::prepare(lists_.centres, plan_.dim, quick ? Nearness::close : Nearness::exact, pool_));
    TRY(nearest.find([&](size_t i) { return living_.at(i); }, n, found_,
                     [&](size_t done) { return go_on_(sample * kRounds + done, all); }));
    lay_out();
    if (plan_.frame != nullptr) TRY(take_statistics());
    fill();
    return std::move(lists_);
  }

 private:
  void lay_out() {
    std::vector<uint64_t> counts(plan_.lists);
    std::vector<double> squares(plan_.lists);
    for (const auto& one : found_) {
      ++counts[one.centre];
      squares[one.centre] += static_cast<double>(one.square);
    }
    lists_.begin.assign(plan_.lists + 1, 0);
    for (uint32_t list = 0; list < plan_.lists; ++list) {
      lists_.begin[list + 1] = lists_.begin[list] + static_cast<uint32_t>(block_count(counts[list]));
      lists_.spread.push_back(
          counts[list] == 0
              ? 0
              : static_cast<float>(squares[list] / static_cast<double>(counts[list]) / plan_.dim));
    }
  }

  // How rows lie about their centres.
  Result<void> take_statistics() {
    const size_t n = living_.numbers.size(), sample = std::min(n, kFrameSample), dim = plan_.dim;
    std::vector<float> columns(sample * dim), row(dim), centre(dim);
    for (size_t i = 0; i < sample; ++i) {
      const size_t at = i * n / sample;
      ops::kernels().f16_to_f32(living_.at(at), row.data(), dim);
      ops::kernels().f16_to_f32(lists_.centres.data() + found_[at].centre * dim, centre.data(), dim);
      for (size_t d = 0; d < dim; ++d) columns[d * sample + i] = row[d] - centre[d];
    }
    auto covariance = TRY(covariance_of(columns, plan_.dim));
    scale_to_one(covariance, plan_.dim);
    lists_.covariance.resize(covariance.size());
    ops::kernels().f32_to_f16(covariance.data(), lists_.covariance.data(), covariance.size());
    return {};
  }

  void fill() {
    const size_t block = list_block_bytes(plan_.dim, plan_.frame != nullptr);
    lists_.bodies.resize(lists_.begin.back() * block);
    std::vector<std::vector<uint32_t>> members(plan_.lists);
    for (size_t i = 0; i < found_.size(); ++i) members[found_[i].centre].push_back(living_.numbers[i]);
    pool_.run(plan_.lists, [&](size_t list, unsigned) {
      const auto& numbers = members[list];
      uint8_t* body = lists_.bodies.data() + lists_.begin[list] * block;
      const size_t places = (lists_.begin[list + 1] - lists_.begin[list]) * ops::kBlockRows;
      std::vector<uint32_t> padded(places, kNoRow);
      std::copy(numbers.begin(), numbers.end(), padded.begin());
      std::copy_n(reinterpret_cast<const uint8_t*>(padded.data()), places * sizeof(uint32_t), body);
      if (plan_.frame == nullptr) return;
      std::vector<uint16_t> rows(numbers.size() * plan_.dim);
      for (size_t i = 0; i < numbers.size(); ++i)
        std::copy_n(living_.row(numbers[i]), plan_.dim, rows.begin() + static_cast<ptrdiff_t>(i * plan_.dim));
      encode(*plan_.frame, rows, {body + places * sizeof(uint32_t), coded_bytes(plan_.dim, numbers.size())});
    });
  }

  const Living& living_;
  const ListPlan plan_;
  base::ThreadPool& pool_;
  const std::function<bool(uint64_t, uint64_t)>& go_on_;
  OwnedLists lists_;
  std::vector<NearestCentre::Found> found_;
};

}  // namespace

Result<OwnedLists> gather(std::span<const Rows> parts, const ListPlan& plan, base::ThreadPool& pool,
                          const std::function<bool(uint64_t, uint64_t)>& go_on) {
  const Living living(parts, plan.dim);
  if (plan.lists < 1 || plan.lists > kMaxLists || plan.lists > living.numbers.size() ||
      living.starts.back() >= kNoRow)
    return Error(ErrorKind::invalid_argument,
                 std::to_string(plan.lists) + " lists of " + std::to_string(living.numbers.size()) +
                     " rows: expected 1 list or more, no more than rows, and less than 4,294,967,295 rows");
  return Gathering(living, plan, pool, go_on).run();
}

}  // namespace elanus::index
