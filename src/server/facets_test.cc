#include "server/facets.h"

#include <gtest/gtest.h>

#include "store/memory_collection.h"

namespace elanus::server {
namespace {

class FacetsTest : public testing::Test {
 protected:
  void add(const std::string& path, const std::string& root, const std::string& label = "") {
    store::Item item;
    item.vector = vector_;
    item.picture.path = path;
    item.picture.root = root;
    item.picture.label = label;
    ASSERT_TRUE(collection_->upsert({&item, 1}).ok());
  }
  // {value: count}, in order.
  std::string of(const char* kind) {
    std::string text;
    const auto facets = facets_.get(*collection_);
    for (const auto& one : facets.value()[kind])
      text += one["value"].get<std::string>() + " " + one["count"].dump() + "; ";
    return text;
  }

  const std::vector<float> vector_{1, 0};
  std::unique_ptr<store::MemoryCollection> collection_ =
      store::MemoryCollection::create({.dim = 2, .metric = {}, .model = {}}).value();
  Facets facets_;
};

TEST_F(FacetsTest, AFolderCountsWhatIsBelowItUpToWhereIndexingBegan) {
  add("/photos/2023/june/a.jpg", "/photos/2023", "dog");
  add("/photos/2023/june/b.PNG", "/photos/2023", "dog");
  add("/photos/2023/c.jpg", "/photos/2023", "cat");
  add("d.jpg", "");
  EXPECT_EQ(of("folders"), "/photos/2023 3; /photos/2023/june 2; ");
  EXPECT_EQ(of("types"), "jpg 3; png 1; ");
  EXPECT_EQ(of("labels"), "dog 2; cat 1; ");
}

TEST_F(FacetsTest, AreNewWhenAPictureIsNew) {
  EXPECT_EQ(of("folders"), "");
  add("/a/x.jpg", "/a");
  EXPECT_EQ(of("folders"), "/a 1; ");
  add("/a/y.jpg", "/a");
  EXPECT_EQ(of("folders"), "/a 2; ");
}

TEST_F(FacetsTest, AtMostFiveHundredTheMostFrequentFirst) {
  for (int i = 0; i < 600; ++i) add(std::to_string(i) + ".jpg", "", "label" + std::to_string(i));
  add("x.jpg", "", "label599");
  const auto labels = facets_.get(*collection_).value()["labels"];
  EXPECT_EQ(labels.size(), 500u);
  EXPECT_EQ(labels[0]["value"], "label599");
}

}  // namespace
}  // namespace elanus::server
