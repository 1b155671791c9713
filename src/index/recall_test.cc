#include "index/recall.h"

#include <gtest/gtest.h>

#include <vector>

namespace elanus::index {
namespace {

using Keys = std::vector<int64_t>;

TEST(Recall, IsTheShareThatWasFound) {
  EXPECT_EQ(recall_at_k(Keys{1, 2, 3, 4}, Keys{4, 3, 9, 1}, 4), 0.75);
  EXPECT_EQ(recall_at_k(Keys{1, 2, 3, 4}, Keys{2, 1, 3, 4}, 1), 0);
  EXPECT_EQ(recall_at_k(Keys{1, 2}, Keys{2, 1, 7}, 10), 1);
  EXPECT_EQ(recall_at_k(Keys{}, Keys{1}, 10), 1);
  EXPECT_EQ(recall_at_k(Keys{1, 2}, Keys{}, 10), 0);
  EXPECT_EQ(recall_at_k(Keys{1, 2}, Keys{1, 1}, 2), 0.5) << "found twice counts once";
}

}  // namespace
}  // namespace elanus::index
