#include "store/metric.h"

#include <gmock/gmock.h>

namespace elanus::store {
namespace {

TEST(Metric, NamesGoBothWays) {
  for (const Metric metric : {Metric::cosine, Metric::ip, Metric::l2})
    EXPECT_EQ(parse_metric(to_string(metric)).value(), metric);
  EXPECT_EQ(parse_metric("L2").value(), Metric::l2);
  EXPECT_EQ(parse_metric("COSINE").value(), Metric::cosine);
}

TEST(Metric, AnUnknownNameIsAnsweredWithTheKnownOnes) {
  const auto error = parse_metric("hamming").error();
  EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
  EXPECT_THAT(error.message(), testing::HasSubstr("\"hamming\", expected cosine, ip or l2"));
}

}  // namespace
}  // namespace elanus::store
