#include "server/body_budget.h"

#include <gtest/gtest.h>

#include <limits>

namespace elanus::server {
namespace {

TEST(BodyBudget, BoundsOneAndAll) {
  BodyBudget budget(100, 150);
  EXPECT_EQ(budget.take(0, 101), 413);
  EXPECT_EQ(budget.take(0, std::numeric_limits<size_t>::max()), 413);
  EXPECT_EQ(budget.take(0, 60), 0);
  EXPECT_EQ(budget.take(60, 41), 413);
  EXPECT_EQ(budget.take(60, 40), 0);
  EXPECT_EQ(budget.take(0, 51), 503);
  EXPECT_EQ(budget.take(0, 50), 0);
  EXPECT_EQ(budget.take(0, 1), 503) << "what was refused took nothing, what was granted is still there";
  budget.give_back(100);
  EXPECT_EQ(budget.take(0, 100), 0);
}

}  // namespace
}  // namespace elanus::server
