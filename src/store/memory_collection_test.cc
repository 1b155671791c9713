#include "store/memory_collection.h"

#include "store/filter_contract.h"

namespace elanus::store {
namespace {

class InMemory final : public StoreUnderTest {
 public:
  explicit InMemory(const Schema& schema) : collection_(std::move(*MemoryCollection::create(schema))) {}
  Collection& collection() override { return *collection_; }
  void reopen() override {}

 private:
  std::unique_ptr<MemoryCollection> collection_;
};

const StoreFactory kMemory{"memory", [](const Schema& schema) { return std::make_unique<InMemory>(schema); }};
INSTANTIATE_TEST_SUITE_P(Memory, CollectionContract, testing::Values(kMemory));
INSTANTIATE_TEST_SUITE_P(Memory, FilterContract, testing::Values(kMemory));

TEST(MemoryCollection, RefusesImpossibleDimensions) {
  EXPECT_EQ(MemoryCollection::create({0, Metric::cosine, {}}).error().kind(), ErrorKind::invalid_argument);
  EXPECT_FALSE(MemoryCollection::create({65537, Metric::cosine, {}}).ok());
  EXPECT_TRUE(MemoryCollection::create({65536, Metric::cosine, {}}).ok());
}

}  // namespace
}  // namespace elanus::store
