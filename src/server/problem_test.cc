#include "server/problem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace elanus::server {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

TEST(Problem, OfWhatPassesSaysWhenToComeAgain) {
  for (const ErrorKind kind : {ErrorKind::busy, ErrorKind::cancelled}) {
    const Response response = problem(Error(kind, "milvus://host/x: Search: no answer in time"));
    EXPECT_EQ(response.status, 503);
    EXPECT_THAT(response.headers, Contains(Pair("Retry-After", "1")));
    EXPECT_THAT(response.headers, Contains(Pair("Content-Type", "application/problem+json")));
    EXPECT_THAT(response.body, HasSubstr("no answer in time"));
  }
}

TEST(Problem, OfWhatStaysDoesNot) {
  const Response response = problem(Error(ErrorKind::mismatch, "another model's collection"));
  EXPECT_EQ(response.status, 409);
  EXPECT_THAT(response.headers, Not(Contains(Pair("Retry-After", testing::_))));
}

}  // namespace
}  // namespace elanus::server
