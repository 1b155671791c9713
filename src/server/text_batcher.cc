#include "server/text_batcher.h"

#include <algorithm>

namespace elanus::server {

Result<std::vector<clip::TextEmbedding>> TextBatcher::embed(std::span<const std::string> texts) {
  std::deque<Waiting> ours;
  for (const std::string& text : texts) ours.push_back({text, std::nullopt});
  std::unique_lock lock(mutex_);
  for (Waiting& one : ours) waiting_.push_back(&one);
  // First come, first served: the last has its answer when all have.
  while (!ours.empty() && !ours.back().result) {
    if (running_)
      changed_.wait(lock);
    else
      run_one_batch(lock);
  }
  std::vector<clip::TextEmbedding> embedded;
  for (Waiting& one : ours) embedded.push_back(TRY(std::move(*one.result)));
  return embedded;
}

void TextBatcher::run_one_batch(std::unique_lock<std::mutex>& lock) {
  const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), at_most_));
  const std::vector<Waiting*> batch(waiting_.begin(), waiting_.begin() + count);
  waiting_.erase(waiting_.begin(), waiting_.begin() + count);
  std::vector<std::string> texts;
  for (const Waiting* one : batch) texts.push_back(one->text);
  running_ = true;
  lock.unlock();
  auto embedded = run_(texts);
  lock.lock();
  running_ = false;
  for (size_t i = 0; i < batch.size(); ++i)
    batch[i]->result =
        embedded.ok() ? Result<clip::TextEmbedding>(std::move((*embedded)[i])) : embedded.error();
  changed_.notify_all();
}

}  // namespace elanus::server
