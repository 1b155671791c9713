#include "server/text_batcher.h"

#include <algorithm>

namespace elanus::server {

Result<clip::TextEmbedding> TextBatcher::embed(const std::string& text) {
  Waiting self{text, std::nullopt};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&self);
  while (!self.result) {
    if (running_)
      changed_.wait(lock);
    else
      run_one_batch(lock);
  }
  return std::move(*self.result);
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
