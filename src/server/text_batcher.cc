#include "server/text_batcher.h"

#include <algorithm>

namespace elanus::server {

Result<std::vector<clip::TextEmbedding>> TextBatcher::embed(std::span<const std::string> texts) {
  Call ours{texts};
  {
    std::unique_lock lock(mutex_);
    for (const std::string& text : texts) waiting_.push_back({&text, &ours});
    while (!ours.ended()) {
      if (running_)
        ours.changed.wait(lock);
      else
        run_one_batch(lock);
    }
    // Nobody runs the model now unless one who came meanwhile does; then waking this one is harmless.
    if (!running_ && !waiting_.empty()) waiting_.front().call->changed.notify_one();
  }
  std::vector<clip::TextEmbedding> embedded;
  for (auto& result : ours.results) embedded.push_back(TRY(std::move(result)));
  return embedded;
}

void TextBatcher::run_one_batch(std::unique_lock<std::mutex>& lock) {
  const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), at_most_));
  const std::vector<Waiting> batch(waiting_.begin(), waiting_.begin() + count);
  waiting_.erase(waiting_.begin(), waiting_.begin() + count);
  std::vector<std::string> texts;
  for (const Waiting& one : batch) texts.push_back(*one.text);
  running_ = true;
  lock.unlock();
  auto embedded = run_(texts);
  lock.lock();
  running_ = false;
  for (size_t i = 0; i < batch.size(); ++i) {
    Call& call = *batch[i].call;
    call.results.push_back(embedded.ok() ? Result<clip::TextEmbedding>(std::move((*embedded)[i]))
                                         : embedded.error());
    if (call.ended()) call.changed.notify_one();
  }
}

}  // namespace elanus::server
