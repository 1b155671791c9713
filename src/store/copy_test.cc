#include "store/copy.h"

#include <gmock/gmock.h>

#include "store/memory_collection.h"

namespace elanus::store {
namespace {

using testing::HasSubstr;

std::unique_ptr<MemoryCollection> collection(uint32_t dim = 4, const ModelId& model = {"m", "1"}) {
  return std::move(*MemoryCollection::create({dim, Metric::cosine, model}));
}

Picture picture_named(const std::string& path) {
  Picture picture;
  picture.path = path;
  return picture;
}

void fill(Collection& to, int64_t first, int64_t last) {
  for (int64_t id = first; id <= last; ++id) {
    const std::vector<float> vector{1, static_cast<float>(id), static_cast<float>(id * id), -1};
    Picture picture = picture_named("p" + std::to_string(id));
    picture.content_hash = "h" + std::to_string(id);
    ASSERT_TRUE(to.upsert(std::vector<Item>{{id, vector, picture}}).ok());
  }
}

void expect_has(const Collection& to, const Collection& from) {
  ASSERT_TRUE(from.for_each([&](const Record& record) {
                    EXPECT_EQ(to.get(record.id).value().picture, record.picture);
                    EXPECT_EQ(to.vector(record.id).value(), from.vector(record.id).value());
                    return true;
                  })
                  .ok());
}

TEST(Copy, BringsIdsRecordsAndVectors) {
  const auto from = collection(), to = collection();
  fill(*from, -3, 20);
  uint64_t last = 0;
  CopyOptions options;
  options.batch = 7;
  options.progress = [&](uint64_t done, uint64_t total) {
    EXPECT_GE(done, last);
    EXPECT_EQ(total, 24u);
    last = done;
  };
  const auto report = copy(*from, *to, options).value();
  EXPECT_EQ(report.copied, 24u);
  EXPECT_EQ(report.there, 0u);
  EXPECT_FALSE(report.stopped);
  expect_has(*to, *from);
}

TEST(Copy, GoesOnWhereItWasStopped) {
  const auto from = collection(), to = collection();
  fill(*from, 1, 30);
  std::stop_source stop;
  CopyOptions options;
  options.batch = 5;
  options.stop = stop.get_token();
  options.progress = [&](uint64_t done, uint64_t) {
    if (done == 10) stop.request_stop();
  };
  const auto first = copy(*from, *to, options).value();
  EXPECT_TRUE(first.stopped);
  EXPECT_EQ(to->count().value(), first.copied);
  EXPECT_LT(first.copied, 30u);
  const auto second = copy(*from, *to).value();
  EXPECT_EQ(second.there, first.copied);
  EXPECT_EQ(second.copied, 30 - first.copied);
  expect_has(*to, *from);
}

TEST(Copy, BringsWhatChangedAndLeavesWhatOnlyTheDestinationHas) {
  const auto from = collection(), to = collection();
  fill(*from, 1, 3);
  fill(*to, 1, 4);
  Picture moved = from->get(2).value().picture;
  moved.path = "elsewhere";
  ASSERT_TRUE(from->update(std::vector<Record>{{2, moved}}).ok());
  EXPECT_EQ(copy(*from, *to).value().copied, 1u);
  EXPECT_EQ(to->get(2).value().picture.path, "elsewhere");
  EXPECT_EQ(to->count().value(), 4u);
}

TEST(Copy, RefusesToReplaceOtherPictures) {
  const auto from = collection(), to = collection();
  fill(*from, 1, 1);
  const std::vector<float> vector{1, 0, 0, 0};
  ASSERT_TRUE(to->upsert(std::vector<Item>{{1, vector, picture_named("theirs")}}).ok());
  const auto refused = copy(*from, *to);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind(), ErrorKind::mismatch);
  EXPECT_THAT(refused.error().message(), testing::AllOf(HasSubstr("p1"), HasSubstr("theirs")));
  CopyOptions options;
  options.replace = true;
  EXPECT_EQ(copy(*from, *to, options).value().copied, 1u);
  EXPECT_EQ(to->get(1).value().picture.path, "p1");
}

TEST(Copy, RefusesOtherModelsAndDimensions) {
  const auto from = collection();
  EXPECT_THAT(copy(*from, *collection(5)).error().message(), testing::AllOf(HasSubstr("4"), HasSubstr("5")));
  EXPECT_EQ(copy(*from, *collection(4, {"m", "2"})).error().kind(), ErrorKind::mismatch);
}

}  // namespace
}  // namespace elanus::store
