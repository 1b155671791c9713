// The collection as the server holds it: open for reading all the time, for writing only while something is
// written, so that `elanus index` may run beside the server.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>

#include "base/result.h"
#include "store/collection.h"

namespace elanus::server {

// Thread-safety: any method, any thread.
class Library {
 public:
  using OpenWriter = std::function<Result<std::shared_ptr<store::Collection>>()>;
  Library(const store::Collection& reading, OpenWriter open_writer)
      : reading_(reading), open_writer_(std::move(open_writer)) {}

  const store::Collection& reading() const { return reading_; }

  // Calls write(collection) alone among the writers. busy: another thread or process writes and does not end
  // soon.
  template <class Write>
  auto write(const Write& write) -> decltype(write(std::declval<store::Collection&>())) {
    // By the system's clock: clang 14's thread sanitizer takes a lock waited for by the steady one as never
    // taken.
    const std::unique_lock lock(writing_, std::chrono::system_clock::now() + kPatience);
    if (!lock) return Error(ErrorKind::busy, "the collection is being written to; try again later");
    const auto collection = TRY(open_writer_());
    return write(*collection);
  }

 private:
  static constexpr std::chrono::seconds kPatience{2};
  const store::Collection& reading_;
  const OpenWriter open_writer_;
  std::timed_mutex writing_;
};

}  // namespace elanus::server
