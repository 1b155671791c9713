#include "server/text_batcher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "server/recent.h"

namespace elanus::server {
namespace {

std::vector<clip::TextEmbedding> echo(std::span<const std::string> texts) {
  std::vector<clip::TextEmbedding> embedded;
  for (const auto& text : texts) embedded.push_back({{std::stof(text)}, 3, false});
  return embedded;
}

TEST(TextBatcher, WhoComesWhileTheModelRunsIsTakenTogether) {
  std::vector<size_t> sizes;
  std::latch first_runs(1), all_wait(1);
  TextBatcher batcher(
      [&](std::span<const std::string> texts) -> Result<std::vector<clip::TextEmbedding>> {
        sizes.push_back(texts.size());
        if (sizes.size() == 1) {
          first_runs.count_down();
          all_wait.wait();
        }
        return echo(texts);
      },
      4);
  std::vector<std::jthread> threads;
  std::atomic<int> wrong{0}, asking{0};
  const auto ask = [&](int i) {
    ++asking;
    const std::string text = std::to_string(i);
    const auto embedded = batcher.embed({&text, 1});
    if (!embedded.ok() || (*embedded)[0].vector[0] != static_cast<float>(i)) ++wrong;
  };
  threads.emplace_back(ask, 0);
  first_runs.wait();
  for (int i = 1; i <= 6; ++i) threads.emplace_back(ask, i);
  while (asking < 7) std::this_thread::yield();
  all_wait.count_down();
  threads.clear();
  EXPECT_EQ(wrong, 0) << "everybody gets their own";
  size_t total = 0;
  for (const size_t size : sizes) {
    EXPECT_LE(size, 4u);
    total += size;
  }
  EXPECT_EQ(total, 7u);
  EXPECT_EQ(sizes[0], 1u) << "nobody waits for company";
}

TEST(TextBatcher, AFailureIsEverybodysAndTheNextRunIsFresh) {
  bool fail = true;
  TextBatcher batcher(
      [&](std::span<const std::string> texts) -> Result<std::vector<clip::TextEmbedding>> {
        if (std::exchange(fail, false)) return Error(ErrorKind::io, "no memory");
        return echo(texts);
      },
      4);
  const std::vector<std::string> texts{"1", "2"};
  EXPECT_EQ(batcher.embed(texts).error().message(), "no memory");
  EXPECT_EQ((*batcher.embed(texts))[1].vector[0], 2.f);
}

TEST(TextBatcher, ManyOfOneAreCutIntoRunsAndStayInOrder) {
  std::vector<size_t> sizes;
  TextBatcher batcher(
      [&](std::span<const std::string> texts) -> Result<std::vector<clip::TextEmbedding>> {
        sizes.push_back(texts.size());
        return echo(texts);
      },
      4);
  const std::vector<std::string> texts{"5", "4", "3", "2", "1", "0"};
  const auto embedded = batcher.embed(texts);
  ASSERT_TRUE(embedded.ok());
  ASSERT_EQ(embedded->size(), texts.size());
  for (size_t i = 0; i < texts.size(); ++i) EXPECT_EQ((*embedded)[i].vector[0], std::stof(texts[i]));
  EXPECT_EQ(sizes, (std::vector<size_t>{4, 2}));
  EXPECT_TRUE(batcher.embed({})->empty());
}

TEST(Recent, TheOneNotUsedForLongestGoes) {
  Recent<int> recent(2);
  recent.put("a", 1);
  recent.put("b", 2);
  EXPECT_EQ(recent.find("a"), 1);
  recent.put("c", 3);
  EXPECT_EQ(recent.find("b"), std::nullopt);
  EXPECT_EQ(recent.find("a"), 1);
  recent.put("a", 4);
  EXPECT_EQ(recent.find("a"), 4);
  EXPECT_EQ(recent.find("c"), 3);
}

}  // namespace
}  // namespace elanus::server
