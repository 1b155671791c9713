// A store that an older format wrote stays readable. tests/inputs/store/vN/library.db was made by the last
// commit that wrote format N (v1: the first), with the calls that write_v1 makes; it is never made anew.
#include <cstdlib>
#include <filesystem>

#include "store_local/test_library.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;

const store::Schema kSchema{8, store::Metric::ip, {"elanus-demo", "00112233445566778899aabbccddeeff"}};

store::Picture picture(int i) {
  return {"photos/" + std::to_string(i) + "\xff.jpg",
          "photos",
          1000 + i,
          1'700'000'000'000'000'000 + i,
          std::string(31, '0') + std::to_string(i),
          static_cast<uint32_t>(640 + i),
          480,
          "label " + std::to_string(i),
          R"({"n":)" + std::to_string(i) + "}",
          0,
          ""};
}

std::vector<float> vector(int i) {
  std::vector<float> values(8, 0.25f);
  values[static_cast<size_t>(i) % 8] = 1;
  return values;
}

// Eight records, the fourth written twice and the seventh erased.
void write_v1(LocalCollection& collection) {
  for (int i = 1; i <= 8; ++i) {
    const auto values = vector(i);
    ASSERT_TRUE(collection.upsert(std::vector<store::Item>{{i * 10, values, picture(i)}}).ok());
  }
  const auto values = vector(4);
  ASSERT_TRUE(collection.upsert(std::vector<store::Item>{{40, values, picture(4)}}).ok());
  ASSERT_TRUE(collection.erase(std::vector<int64_t>{70}).ok());
}

void expect_v1(const LocalCollection& collection) {
  EXPECT_EQ(collection.schema().dim, kSchema.dim);
  EXPECT_EQ(collection.schema().metric, kSchema.metric);
  EXPECT_EQ(collection.schema().model, kSchema.model);
  EXPECT_TRUE(collection.check().ok());
  EXPECT_EQ(collection.count().value(), 7u);
  for (int i = 1; i <= 8; ++i) {
    if (i == 7) continue;
    EXPECT_EQ(collection.get(i * 10).value().picture, picture(i));
    EXPECT_EQ(collection.search(vector(i), {1}).value().at(0).id, i == 8 ? 80 : i * 10);
    EXPECT_EQ(collection.find_by_path(picture(i).path).value()->id, i * 10);
    EXPECT_EQ(collection.find_by_content(picture(i).content_hash).value().at(0).id, i * 10);
  }
  EXPECT_FALSE(collection.get(70).ok());
}

class OlderFormat : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Compatibility, OlderFormat, testing::Values("v1", "v2", "v3"));

TEST_P(OlderFormat, OpensAndCanBeWritten) {
  const TestFolder folder;
  fs::copy_file(fs::path(ELANUS_SOURCE_DIR "/tests/inputs/store") / GetParam() / "library.db",
                folder.path() / "library.db");
  expect_v1(*LocalCollection::open(folder.path(), OpenMode::read_only).value());
  const auto collection = LocalCollection::open(folder.path(), OpenMode::read_write).value();
  expect_v1(*collection);
  EXPECT_EQ(collection->upsert(std::vector<store::Item>{{std::nullopt, vector(7), picture(7)}}).value().at(0),
            81);
  EXPECT_EQ(collection->stats()->format, kFormat);
  EXPECT_TRUE(collection->check().ok());
}

std::vector<int64_t> found(const LocalCollection& collection, store::Filter filter) {
  std::vector<float> query(collection.schema().dim, 1.0f);
  std::vector<int64_t> ids;
  const auto hits = collection.search(query, {100, std::move(filter)}).value();
  for (const store::Hit& hit : hits) ids.push_back(hit.id);
  return ids;
}

// Eight pictures that the program indexed before there were filters.
TEST(Compatibility, Format1IsFilteredAsItIsAndBecomesTheLatest) {
  const TestFolder folder;
  fs::copy_file(ELANUS_SOURCE_DIR "/tests/inputs/store/v1-pictures/library.db", folder.path() / "library.db");
  const store::Filter jpegs{store::TextIs{store::TextField::type, store::TextMatch::equal, "jpg"}};
  const store::Filter two{
      store::TextIs{store::TextField::path, store::TextMatch::glob, "/srv/photos/00[37].*"}};
  const store::Filter dated{store::NumberIs{store::NumberField::captured_s, store::Comparison::ne, 1}};
  const store::Filter no_camera{store::TextIs{store::TextField::camera, store::TextMatch::equal, ""}};
  const auto expect_filtered = [&](const LocalCollection& collection) {
    EXPECT_THAT(found(collection, jpegs), testing::SizeIs(8));
    EXPECT_THAT(found(collection, two), testing::UnorderedElementsAre(3, 7));
    EXPECT_THAT(found(collection, dated), testing::IsEmpty());
    EXPECT_THAT(found(collection, no_camera), testing::SizeIs(8));
  };
  const auto reader = LocalCollection::open(folder.path(), OpenMode::read_only).value();
  expect_filtered(*reader);
  EXPECT_EQ(reader->stats()->format, 1) << "reading changes nothing";
  const auto writer = LocalCollection::open(folder.path(), OpenMode::read_write).value();
  expect_filtered(*writer);
  EXPECT_TRUE(writer->check().ok());
  store::Record record = writer->get(5).value();
  record.picture.captured_s = 86'400;
  ASSERT_TRUE(writer->update(std::vector<store::Record>{record}).ok());
  EXPECT_THAT(found(*reader, dated), testing::ElementsAre(5)) << "one that was open before goes on with it";
  EXPECT_EQ(reader->get(5).value().picture, record.picture);
  EXPECT_EQ(reader->stats()->format, kFormat);
}

TEST(Compatibility, TheSameCallsStillMakeTheSameStore) {
  const TestFolder folder;
  auto collection = LocalCollection::create(folder.path(), kSchema).value();
  write_v1(*collection);
  expect_v1(*collection);
  // How the committed one was made.
  if (const char* keep = std::getenv("ELANUS_KEEP_STORE")) {
    fs::create_directories(keep);
    collection.reset();
    fs::copy_file(folder.path() / "library.db", fs::path(keep) / "library.db");
  }
}

}  // namespace
}  // namespace elanus::store_local
