// Texts that are asked for at the same time go through the model together. Nobody waits for company: whoever
// comes while the model is idle runs it at once, with all who wait by then; who comes meanwhile is in the
// next run.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "clip/clip.h"

namespace elanus::server {

// Thread-safety: embed() from any number of threads.
class TextBatcher {
 public:
  using Run = std::function<Result<std::vector<clip::TextEmbedding>>(std::span<const std::string>)>;
  TextBatcher(Run run, size_t at_most) : run_(std::move(run)), at_most_(at_most) {}

  // In order. One failure is that of all.
  Result<std::vector<clip::TextEmbedding>> embed(std::span<const std::string> texts);

 private:
  // Who waits is woken alone: a model's run ends for a few, not for all.
  struct Call {
    std::span<const std::string> texts;
    std::vector<Result<clip::TextEmbedding>> results = {};
    std::condition_variable changed = {};
    bool ended() const { return results.size() == texts.size(); }
  };
  struct Waiting {
    const std::string* text;
    Call* call;
  };
  void run_one_batch(std::unique_lock<std::mutex>& lock);

  const Run run_;
  const size_t at_most_;
  std::mutex mutex_;
  std::deque<Waiting> waiting_;
  bool running_ = false;
};

}  // namespace elanus::server
