// One call of an operator for each row: map, filter and flat_map, on the pulling thread or on several.
#pragma once
#include <iterator>
#include <memory>
#include <vector>

#include "pipeline/stage.h"

namespace elanus::pipeline {

// What becomes of a row and the value that the operator gave for it, put into `next`. Nothing: no row, go on
// with the next.

// A row that is made where it stays: a row moves once in each stage, and what it carries is all that costs.
template <class Make>
struct InPlace {
  const Make& make;
  operator std::invoke_result_t<const Make&>() const { return make(); }
};

template <auto Out, class R, class V, class Next>
void append(R&& row, V&& value, std::optional<Next>& next) {
  const auto make = [&] { return with<Out>(std::move(row), std::forward<V>(value)); };
  next.emplace(InPlace<decltype(make)>{make});
}

template <class R, class Next, auto Out>
struct Append {
  template <class V>
  void operator()(R&& row, V&& value, std::optional<Next>& next) const {
    append<Out>(std::move(row), std::forward<V>(value), next);
  }
};

template <class R>
struct Keep {
  void operator()(R&& row, bool keep, std::optional<R>& next) const {
    if (keep) next.emplace(std::move(row));
  }
};

template <class R, class Next, auto Out, class Element>
class Expand {
 public:
  template <class Range>
  void operator()(R&& row, Range&& range, std::optional<Next>& next) {
    row_ = std::move(row);
    elements_.assign(std::make_move_iterator(std::begin(range)), std::make_move_iterator(std::end(range)));
    next_ = 0;
    more(next);
  }
  // The next of the rows that one row became.
  void more(std::optional<Next>& next) {
    if (next_ == elements_.size()) return;
    Element& element = elements_[next_++];
    append<Out>(next_ == elements_.size() ? std::move(*row_) : R(*row_), std::move(element), next);
  }

 private:
  std::optional<R> row_;
  std::vector<Element> elements_;
  size_t next_ = 0;
};

template <class R, class Next, class V, class Finish, class Op, auto... In>
class CallStage final : public Stage<Next> {
 public:
  CallStage(StagePtr<R> before, Op op, unsigned workers, StageLine line)
      : before_(std::move(before)), op_(std::move(op)), workers_(workers), line_(line) {}

  void finish(std::vector<StageReport>& lines) override {
    window_.reset();
    before_->finish(lines);
    line_.add_to(lines);
  }

 private:
  struct Slot final : Job {
    const Op* op = nullptr;
    std::optional<R> row;
    std::optional<V> value;
    std::optional<Error> error;
    void run() noexcept override { value = call_with<V, In...>(*op, *row, error); }
  };
  enum class Then { deliver, go_on, end };

  std::optional<Next> pull(Run& run) override {
    std::optional<Next> next;
    if constexpr (requires { finish_.more(next); }) finish_.more(next);
    Then then = next ? Then::deliver : Then::go_on;
    while (then == Then::go_on) then = workers_ > 1 ? step_on_pool(run, next) : step(run, next);
    if (next) ++line_.rows_out;
    return next;
  }

  Then step(Run& run, std::optional<Next>& next) {
    std::optional<R> row = before_->next(run);
    if (!row) return Then::end;
    std::optional<Error> error;
    std::optional<V> value = line_.watch.time([&] { return call_with<V, In...>(op_, *row, error); });
    return settle(run, *row, value, error, next);
  }

  // Only the thread that pulls this stage pulls the one before it, and only as far as the window reaches: a
  // slow consumer stops the source.
  Then step_on_pool(Run& run, std::optional<Next>& next) {
    if (!window_) {
      slots_ = std::make_unique<Slot[]>(2 * workers_);
      window_ = std::make_unique<Window>(run.pool(), workers_);
    }
    while (!window_->full()) {
      Slot& slot = slots_[submitted_ % (2 * workers_)];
      slot.row = before_->next(run);
      if (!slot.row) break;
      slot.op = &op_;
      slot.error.reset();
      window_->submit(slot);
      ++submitted_;
    }
    if (window_->empty()) return Then::end;
    Slot& slot = slots_[taken_++ % (2 * workers_)];
    line_.watch.add_exact(std::chrono::nanoseconds(window_->take(slot)));
    return settle(run, *slot.row, slot.value, slot.error, next);
  }

  Then settle(Run& run, R& row, std::optional<V>& value, std::optional<Error>& error,
              std::optional<Next>& next) {
    ++line_.rows_in;
    if (!value) return run.fail(line_, row.number, *error) ? Then::go_on : Then::end;
    finish_(std::move(row), std::move(*value), next);
    return next ? Then::deliver : Then::go_on;
  }

  StagePtr<R> before_;
  const Op op_;
  const unsigned workers_;
  StageLine line_;
  Finish finish_;
  std::unique_ptr<Slot[]> slots_;
  uint64_t submitted_ = 0, taken_ = 0;
  std::unique_ptr<Window> window_;  // last: ends before the slots that its jobs are
};

}  // namespace elanus::pipeline
