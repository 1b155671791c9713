#include "store_local/local_collection.h"

#include <filesystem>

#include "store/filter_contract.h"
#include "store_local/test_folder.h"

namespace elanus::store_local {
namespace {

using store::CollectionContract;
using store::FilterContract;
using store::Schema;

class OnDisk final : public store::StoreUnderTest {
 public:
  explicit OnDisk(const Schema& schema)
      : collection_(LocalCollection::create(folder_.path(), schema).value()) {}
  store::Collection& collection() override { return *collection_; }
  void reopen() override {
    collection_.reset();
    collection_ = LocalCollection::open(folder_.path(), OpenMode::read_write).value();
    EXPECT_TRUE(collection_->check().ok()) << collection_->check().error().message();
  }

 private:
  TestFolder folder_;
  std::unique_ptr<LocalCollection> collection_;
};

const store::StoreFactory kLocal{"local",
                                 [](const Schema& schema) { return std::make_unique<OnDisk>(schema); }};
INSTANTIATE_TEST_SUITE_P(Local, CollectionContract, testing::Values(kLocal));
INSTANTIATE_TEST_SUITE_P(Local, FilterContract, testing::Values(kLocal));

}  // namespace
}  // namespace elanus::store_local
