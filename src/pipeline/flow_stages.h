// Stages without an operator: where rows come from, which columns go on, and what runs ahead.
#pragma once
#include <iterator>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "pipeline/stage.h"

namespace elanus::pipeline {

// A container that the source owns gives its elements away; of a view's elements rows get copies.
template <class Range>
inline constexpr bool kOwnsElements = requires {
  typename Range::allocator_type;
};

// The elements of a range, one a row; several columns take the parts of each element.
template <class R, class Range, auto... N>
class SourceStage final : public Stage<R> {
 public:
  explicit SourceStage(Range range) : range_(std::move(range)), next_(std::begin(range_)) {}

  void finish(std::vector<StageReport>& lines) override { line_.add_to(lines); }

 private:
  std::optional<R> pull(Run& run) override {
    if (next_ == std::end(range_) || !run.read_on()) return std::nullopt;
    ++line_.rows_out;
    std::optional<R> row = make(element(), run.next_number(), std::make_index_sequence<sizeof...(N)>());
    ++next_;
    return row;
  }

  decltype(auto) element() {
    if constexpr (kOwnsElements<Range>)
      return std::move(*next_);
    else
      return *next_;
  }

  template <class Element, size_t... I>
  static R make(Element&& element, uint64_t number, std::index_sequence<I...>) {
    if constexpr (sizeof...(I) == 1)
      return {{std::forward<Element>(element)}, number};
    else
      return {{std::get<I>(std::forward<Element>(element))}..., number};
  }

  Range range_;
  decltype(std::begin(std::declval<Range&>())) next_;
  StageLine line_{"from", kText<N...>};
};

template <class Next, class R, auto... N>
class SelectStage final : public Stage<Next> {
 public:
  explicit SelectStage(StagePtr<R> before) : before_(std::move(before)) {}

  void finish(std::vector<StageReport>& lines) override { before_->finish(lines); }

 private:
  std::optional<Next> pull(Run& run) override {
    std::optional<R> row = before_->next(run);
    if (!row) return std::nullopt;
    return Next{{std::move(at<N>(*row))}..., row->number};
  }

  StagePtr<R> before_;
};

template <class R>
class ConcatStage final : public Stage<R> {
 public:
  ConcatStage(StagePtr<R> first, StagePtr<R> second) : first_(std::move(first)), second_(std::move(second)) {}

  void finish(std::vector<StageReport>& lines) override {
    first_->finish(lines);
    second_->finish(lines);
  }

 private:
  std::optional<R> pull(Run& run) override {
    if (!first_is_over_) {
      if (auto row = first_->next(run)) return row;
      if (run.is_over()) return std::nullopt;
      first_is_over_ = true;
    }
    return second_->next(run);
  }

  StagePtr<R> first_, second_;
  bool first_is_over_ = false;
};

// A thread of its own pulls what stands before it into a bounded queue.
template <class R>
class PrefetchStage final : public Stage<R> {
 public:
  PrefetchStage(StagePtr<R> before, size_t rows) : before_(std::move(before)), ready_(rows) {}
  ~PrefetchStage() override { close(); }

  void finish(std::vector<StageReport>& lines) override {
    close();
    before_->finish(lines);
  }

 private:
  std::optional<R> pull(Run& run) override {
    if (!thread_.joinable()) thread_ = std::thread([this, &run] { read_ahead(run); });
    return ready_.pop();
  }

  void read_ahead(Run& run) {
    try {
      while (auto row = before_->next(run))
        if (!ready_.push(std::move(*row))) break;
    } catch (...) {
      run.break_off(current_error());
    }
    ready_.close();
  }

  void close() {
    ready_.close();
    if (thread_.joinable()) thread_.join();
  }

  StagePtr<R> before_;
  base::BoundedQueue<R> ready_;
  std::thread thread_;
};

}  // namespace elanus::pipeline
