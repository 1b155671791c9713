#include "base/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

namespace elanus::base {
namespace {

Result<int> parse_digit(char c) {
  if (c < '0' || c > '9') return Error(ErrorKind::invalid_argument, std::string("expected a digit, got '") + c + "'");
  return c - '0';
}

Result<int> sum(char a, char b) { return TRY(parse_digit(a)) + TRY(parse_digit(b)); }

Result<void> both(char a, char b) {
  TRY(sum(a, b));
  return {};
}

TEST(Result, TryTakesTheValueOrReturnsTheError) {
  EXPECT_EQ(*sum('2', '3'), 5);
  const auto bad = sum('2', 'x');
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().message(), "expected a digit, got 'x'");
  EXPECT_EQ(bad.error().kind(), ErrorKind::invalid_argument);
  EXPECT_TRUE(both('1', '2').ok());
  EXPECT_FALSE(both('y', '2').ok());
}

TEST(Result, OneTryMayStandInsideAnother) {
  auto digit_of = [](int n) { return parse_digit(static_cast<char>('0' + n)); };
  auto twice = [&](char c) -> Result<int> { return TRY(digit_of(2 * TRY(parse_digit(c)))); };
  EXPECT_EQ(*twice('4'), 8);
  EXPECT_FALSE(twice('7').ok());
}

TEST(Result, CarriesThingsThatCanOnlyBeMoved) {
  auto make = [](bool ok) -> Result<std::unique_ptr<int>> {
    if (!ok) return Error(ErrorKind::io, "no");
    return std::make_unique<int>(7);
  };
  auto use = [&](bool ok) -> Result<int> {
    std::unique_ptr<int> held = TRY(make(ok));
    return *held;
  };
  EXPECT_EQ(*use(true), 7);
  EXPECT_FALSE(use(false).ok());
}

TEST(Result, WithinSaysWhere) {
  const auto bad = within("row 3", sum('x', '1'));
  EXPECT_EQ(bad.error().message(), "row 3: expected a digit, got 'x'");
  EXPECT_EQ(*within("row 3", sum('1', '1')), 2);
}

TEST(Error, ErrnoBecomesAKindThatSaysWhatToDo) {
  EXPECT_EQ(errno_error("open a.jpg", ENOENT).kind(), ErrorKind::not_found);
  EXPECT_EQ(errno_error("write b", ENOSPC).kind(), ErrorKind::no_space);
  EXPECT_EQ(errno_error("open a.jpg", ENOENT).message(), "open a.jpg: No such file or directory");
  EXPECT_EQ(classify(ErrorKind::no_space), ErrorClass::retry);
  EXPECT_EQ(classify(ErrorKind::corrupt), ErrorClass::permanent);
  EXPECT_EQ(classify(ErrorKind::mismatch), ErrorClass::caller);
}

}  // namespace
}  // namespace elanus::base
