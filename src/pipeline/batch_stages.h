// Several rows in one call of an operator: map_batch (a value for each row) and window (a value for each
// window).
#pragma once
#include <algorithm>
#include <iterator>
#include <span>
#include <tuple>
#include <vector>

#include "pipeline/stage.h"

namespace elanus::pipeline {

// The columns In of some rows, each side by side, as operators on spans want them.
template <class R, auto... In>
class Columns {
 public:
  void take(R& row) { (std::get<Index<In>>(values_).push_back(std::move(at<In>(row))), ...); }
  void give_back(size_t i, R& row) { ((at<In>(row) = std::move(std::get<Index<In>>(values_)[i])), ...); }
  void drop(size_t n) {
    (std::get<Index<In>>(values_).erase(
         std::get<Index<In>>(values_).begin(),
         std::get<Index<In>>(values_).begin() + static_cast<std::ptrdiff_t>(n)),
     ...);
  }
  template <class Op>
  decltype(auto) call(Op& op, size_t n) const {
    return std::invoke(op, std::span<const TypeOf<R, In>>(std::get<Index<In>>(values_).data(), n)...);
  }

 private:
  // Where In stands in the list. Inputs are distinct.
  template <auto N>
  static constexpr size_t position() {
    size_t i = 0;
    (void)((kSameName<N, In> || (++i, false)) || ...);
    return i;
  }
  template <auto N>
  static constexpr size_t Index = position<N>();
  std::tuple<std::vector<TypeOf<R, In>>...> values_;
};

template <class Next, class R, class V, class Op, auto Out, auto... In>
class BatchStage final : public Stage<Next> {
  using Element = ElementOf<V>;

 public:
  BatchStage(StagePtr<R> before, Op op, size_t size, StageLine line)
      : before_(std::move(before)), op_(std::move(op)), size_(std::max<size_t>(size, 1)), line_(line) {}

  void finish(std::vector<StageReport>& lines) override {
    before_->finish(lines);
    line_.add_to(lines);
  }

 private:
  std::optional<Next> pull(Run& run) override {
    while (next_ == ready_.size() && !last_) fill(run);
    if (next_ == ready_.size()) return std::nullopt;
    ++line_.rows_out;
    return std::move(ready_[next_++]);
  }

  void fill(Run& run) {
    ready_.clear();
    next_ = 0;
    std::vector<R> rows;
    Columns<R, In...> columns;
    while (rows.size() < size_) {
      std::optional<R> row = before_->next(run);
      if (!row) break;
      columns.take(*row);
      rows.push_back(std::move(*row));
    }
    last_ = rows.size() < size_;
    if (rows.empty()) return;
    line_.rows_in += rows.size();
    std::optional<Error> error;
    auto values = line_.watch.time([&] {
      return attempt<V>(error, [&]() -> decltype(auto) { return columns.call(op_, rows.size()); });
    });
    if (values && values->size() != rows.size()) {
      error.emplace(ErrorKind::invalid_argument, "the operator gave " + std::to_string(values->size()) +
                                                     " values for " + std::to_string(rows.size()) + " rows");
      values.reset();
    }
    for (size_t i = 0; i < rows.size(); ++i) {
      columns.give_back(i, rows[i]);
      if (!(values ? settle(run, rows[i], (*values)[i]) : run.fail(line_, rows[i].number, *error))) {
        last_ = true;
        return;
      }
    }
  }

  // False when this row's failure ends the run; the rows before it still arrive.
  bool settle(Run& run, R& row, Element& value) {
    if constexpr (Unwrapped<Element>::fallible) {
      if (!value.ok()) return run.fail(line_, row.number, value.error());
      ready_.push_back(with<Out>(std::move(row), std::move(value).value()));
    } else {
      ready_.push_back(with<Out>(std::move(row), std::move(value)));
    }
    return true;
  }

  StagePtr<R> before_;
  const Op op_;
  const size_t size_;
  StageLine line_;
  std::vector<Next> ready_;
  size_t next_ = 0;
  bool last_ = false;
};

// Windows begin at every step-th row and end `size` rows later or with the last row. What comes out is the
// row at which the window begins.
template <class Next, class R, class V, class Op, auto Out, auto... In>
class WindowStage final : public Stage<Next> {
 public:
  WindowStage(StagePtr<R> before, Op op, size_t size, size_t step, StageLine line)
      : before_(std::move(before)),
        op_(std::move(op)),
        size_(std::max<size_t>(size, 1)),
        step_(std::max<size_t>(step, 1)),
        line_(line) {}

  void finish(std::vector<StageReport>& lines) override {
    before_->finish(lines);
    line_.add_to(lines);
  }

 private:
  std::optional<Next> pull(Run& run) override {
    for (;;) {
      // Rows between two windows belong to none.
      while (rows_.size() < std::max(size_, step_)) {
        std::optional<R> row = before_->next(run);
        if (!row) break;
        ++line_.rows_in;
        columns_.take(*row);
        rows_.push_back(std::move(*row));
      }
      if (rows_.empty()) return std::nullopt;
      std::optional<Error> error;
      auto value = line_.watch.time([&] {
        return attempt<V>(
            error, [&]() -> decltype(auto) { return columns_.call(op_, std::min(size_, rows_.size())); });
      });
      R row = std::move(rows_.front());
      columns_.give_back(0, row);
      const size_t gone = std::min(step_, rows_.size());
      rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(gone));
      columns_.drop(gone);
      if (value) {
        ++line_.rows_out;
        return with<Out>(std::move(row), std::move(*value));
      }
      if (!run.fail(line_, row.number, *error)) return std::nullopt;
    }
  }

  StagePtr<R> before_;
  const Op op_;
  const size_t size_, step_;
  StageLine line_;
  std::vector<R> rows_;
  Columns<R, In...> columns_;
};

}  // namespace elanus::pipeline
