// The contract, and what only this store has, against a real Milvus.
#include "store_milvus/milvus_collection.h"

#include "store/filter_contract.h"
#include "store/metric.h"
#include "tests/support/milvus_server.h"

namespace elanus::store_milvus {
namespace {

using store::CollectionContract;
using store::FilterContract;
using store::Metric;
using store::Schema;
using store::StoreFactory;
using tests::MilvusServer;

// A place of its own for each collection, dropped with it. Flat, because the contract promises the best, not
// nearly the best.
class OnServer final : public store::StoreUnderTest {
 public:
  OnServer(const Schema& schema, const std::string& options) {
    static int made = 0;
    const std::string name = "test_" + std::to_string(::getpid()) + "_" + std::to_string(++made);
    place_ = parse_place(MilvusServer::instance().uri(name, "consistency=session&" + options)).value();
    auto created = MilvusCollection::create(place_, schema);
    EXPECT_TRUE(created.ok()) << created.error().message();
    collection_ = std::move(*created);
  }
  ~OnServer() override {
    collection_.reset();
    EXPECT_TRUE(MilvusCollection::drop(place_).ok());
  }
  store::Collection& collection() override { return *collection_; }
  void reopen() override {
    collection_.reset();
    auto opened = MilvusCollection::open(place_, OpenMode::read_write);
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    collection_ = std::move(*opened);
  }

 private:
  Place place_;
  std::unique_ptr<MilvusCollection> collection_;
};

std::vector<StoreFactory> stores() {
  if (!MilvusServer::instance().missing().empty()) return {};
  const auto with = [](Metric metric, const std::string& options) {
    return [metric, options](Schema schema) {
      schema.metric = metric;
      return std::make_unique<OnServer>(schema, options);
    };
  };
  return {{"cosine", with(Metric::cosine, "index=flat")}};
}

INSTANTIATE_TEST_SUITE_P(Milvus, CollectionContract, testing::ValuesIn(stores()));
INSTANTIATE_TEST_SUITE_P(Milvus, FilterContract, testing::ValuesIn(stores()));

// The server is asked for a few rows more than the limit; what it cut off among equals is found all the same.
TEST(Milvus, FindsTheFirstOfManyEquals) {
  if (!MilvusServer::instance().missing().empty()) GTEST_SKIP() << MilvusServer::instance().missing();
  for (const char* metric : {"cosine", "ip", "l2"}) {
    Schema schema{4, store::parse_metric(metric).value(), {"m", "1"}};
    OnServer server(schema, "index=flat");
    const std::vector<float> same{1, 2, 3, 4}, best{1, 2, 3, 4.1f};
    std::vector<store::Item> items;
    for (int64_t id = 200; id > 0; --id)
      items.push_back({id, id == 77 ? best : same, {.path = std::to_string(id)}});
    ASSERT_TRUE(server.collection().upsert(items).ok());
    const auto hits = server.collection().search(std::vector<float>{1, 2, 3, 5}, {4});
    ASSERT_TRUE(hits.ok()) << hits.error().message();
    std::vector<int64_t> ids;
    for (const store::Hit& hit : *hits) ids.push_back(hit.id);
    EXPECT_THAT(ids, testing::ElementsAre(77, 1, 2, 3)) << metric;
  }
}

TEST(Milvus, IsHere) {
  const std::string& missing = MilvusServer::instance().missing();
  if (missing.empty()) return;
  ASSERT_EQ(std::getenv("MILVUS_REQUIRED"), nullptr) << missing;
  GTEST_SKIP() << missing;
}

}  // namespace
}  // namespace elanus::store_milvus
